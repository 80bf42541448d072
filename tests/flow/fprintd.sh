#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fprintd itself with libfprint's virtual reader, whose fingers are words: enrolled by fprintd's own program, then a passphrase is saved behind
# one and released by it and by no other. fprintd is not installed for this: where it is not there, its packages are unpacked here.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
[ -x "$BUILD/besign-unlockd" ] || skip_all 'fprintd itself' 'besign-unlockd is not built: libsystemd is missing'
if ! has dbus-daemon || ! has setpriv || ! has python3 || [ "$(id -u)" -ne 0 ]; then
	skip_all 'fprintd itself' 'dbus-daemon, setpriv or python3 is not installed, or this is not root'
fi
here=$(mktemp -d /tmp/besign-fprintd-XXXXXX) || exit 2
cd "$here" || exit 2
umask 077
. "$TOP/tests/bus.sh"
trap 'kill $started 2>/dev/null; wait; rm -rf "$here"' EXIT
mkdir fake home root packages state && chmod 755 . && chown 65534 home
cp "$BESIGN" besign && chmod 755 besign
export BESIGN_LANG=en

# ---- fprintd ----

fprintd=/usr/libexec/fprintd
enrol=fprintd-enroll
if [ ! -x $fprintd ] && has apt-get && has dpkg-deb; then
	(cd packages && timeout 90 apt-get -q download fprintd libfprint-2-2 libgusb2 libgudev-1.0-0 libpixman-1-0 libnss3 libnspr4 libusb-1.0-0) >apt.txt 2>&1
	for package in packages/*.deb; do
		[ ! -e "$package" ] || dpkg-deb -x "$package" root
	done
	fprintd=$here/root/usr/libexec/fprintd
	enrol=$here/root/usr/bin/fprintd-enroll
	LD_LIBRARY_PATH=$(echo "$here"/root/usr/lib/*-linux-gnu*)
	export LD_LIBRARY_PATH
fi
[ -x "$fprintd" ] || skip_all 'fprintd itself' 'it is not installed, and its packages cannot be had'
if ldd "$fprintd" 2>&1 | grep -q 'not found'; then
	skip_all 'fprintd itself' 'a library that it needs cannot be had'
fi
start_bus
"$BUILD/tests/make/fake_fprintd" polkit fake >polkit.txt 2>&1 &
started="$started $!"
until_true grep -q ready polkit.txt
FP_VIRTUAL_DEVICE=$here/reader FP_DRIVERS_ALLOWLIST=virtual_device STATE_DIRECTORY=$here/state "$fprintd" -t >fprintd.txt 2>&1 &
started="$started $!"
"$BUILD/besign-unlockd" --state "$here/keys" 2>unlockd.txt &
started="$started $!"

# as VERB...: besign unlock as nobody.
as() {
	setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_DATA_HOME="$here/home" ./besign unlock "$@" >out.txt 2>err.txt </dev/null
}
note() { as list && tr '\n' ' ' <out.txt | tr -s ' ' | grep -q "$1"; }
# finger WORD...: what the virtual reader is told, one after the other, as soon as somebody has claimed it.
finger() {
	python3 - "$@" <<'X'
import socket, sys, time
for word in sys.argv[1:]:
    for _ in range(500):
        try:
            s = socket.socket(socket.AF_UNIX)
            s.connect('reader')
            s.sendall(word.encode())
            s.close()
            break
        except OSError:
            time.sleep(0.05)
    else:
        sys.exit('nobody has claimed the reader')
X
}

until_true note 'enrol one with fprintd-enroll'
ok $? 'without an enrolled finger it is said' out.txt err.txt fprintd.txt unlockd.txt
stages() { [ "$(grep -c 'enroll-stage-passed\|enroll-completed' enrol.txt)" -ge "$1" ]; }
timeout 60 "$enrol" -f right-index-finger nobody >enrol.txt 2>&1 &
enrolling=$!
for stage in 1 2 3 4 5; do
	finger 'SCAN jari-nobody'
	until_true stages $stage
done
wait $enrolling
ok $? 'a finger is enrolled' enrol.txt fprintd.txt

TMPDIR=$here "$BESIGN" walk --keep >said.txt 2>&1
mv ./besign-walk-*/sample.p12 . && rm -r ./besign-walk-* && chmod 644 sample.p12
echo latihan >passphrase
(finger 'SCAN jari-nobody') 2>finger.txt &
setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_DATA_HOME="$here/home" \
	./besign unlock add --p12 sample.p12 --way fingerprint --passphrase-fd 3 >out.txt 2>err.txt 3<passphrase
ok $? 'a passphrase is saved behind it' out.txt err.txt finger.txt fprintd.txt unlockd.txt
wait $!
attempt() {
	finger "$@" 2>finger.txt &
	touching=$!
	as try --p12 sample.p12 --way fingerprint
	status=$?
	wait $touching
	return $status
}
attempt 'SCAN jari-nobody'
ok $? 'the finger brings it back' out.txt err.txt finger.txt unlockd.txt
attempt 'SCAN jari-lain'
[ $? -eq 5 ] && grep -q 'not recognised' err.txt
ok $? 'another finger does not' out.txt err.txt finger.txt unlockd.txt
attempt 'RETRY 1' 'SCAN jari-nobody'
ok $? 'one that lay askew is put there again' out.txt err.txt finger.txt unlockd.txt
echo no >fake/allowed
as try --p12 sample.p12 --way fingerprint
[ $? -eq 2 ] && grep -q 'remote (SSH)' err.txt
ok $? 'and a session that polkit refuses is not even asked' out.txt err.txt unlockd.txt
plan
