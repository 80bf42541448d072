#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign-unlockd on a bus of its own, with a stand-in for fprintd and polkit: a match, another finger, another user, too many tries, a
# forged signal, a remote session, a caller who leaves.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
[ -x "$BUILD/besign-unlockd" ] || skip_all 'besign-unlockd' 'it is not built: libsystemd is missing'
if ! has dbus-daemon || ! has setpriv; then
	skip_all 'besign-unlockd' 'dbus-daemon or setpriv is not installed'
fi
[ "$(id -u)" -eq 0 ] || skip_all 'besign-unlockd' 'the bus lets only root be besign-unlockd'
# Two other people come here as well, so it is not below TMP, which nobody else enters.
here=$(mktemp -d /tmp/besign-unlockd-XXXXXX) || exit 2
cd "$here" || exit 2
umask 077
mkdir fake home home/a home/b
chmod 755 . home
cp "$BESIGN" besign && cp "$BUILD/tests/make/fake_fprintd" . && chmod 755 besign fake_fprintd

. "$TOP/tests/bus.sh"
trap 'kill $started 2>/dev/null; wait; rm -rf "$here"' EXIT
export BESIGN_LANG=en
start_bus
told() { grep -q "$1" fake.txt; }
count() { grep -c "$1" fake.txt; }

TMPDIR=$here "$BESIGN" walk --keep >said.txt 2>&1
mv ./besign-walk-*/sample.p12 . && rm -r ./besign-walk-* && chmod 644 sample.p12

# as USER VERB...: besign unlock as another user, with a directory of its own.
as() {
	who=$1 uid=65534
	[ "$who" = a ] || uid=2
	shift
	chown $uid "home/$who"
	setpriv --reuid $uid --regid $uid --clear-groups env HOME="$here/home/$who" XDG_DATA_HOME="$here/home/$who" \
		./besign unlock "$@" >out.txt 2>err.txt </dev/null
}
enrol() {
	who=$1 uid=65534
	[ "$who" = a ] || uid=2
	chown $uid "home/$who"
	echo latihan | setpriv --reuid $uid --regid $uid --clear-groups env HOME="$here/home/$who" XDG_DATA_HOME="$here/home/$who" \
		./besign unlock add --p12 sample.p12 --way fingerprint --passphrase-fd 0 >out.txt 2>err.txt
}
attempt() { as "$1" try --p12 sample.p12 --way fingerprint; }
finger() { printf '%s\n' "$@" >fake/finger; }
note() { as a list && tr '\n' ' ' <out.txt | tr -s ' ' | grep -q "$1"; }

# ---- what is missing is said ----

note 'besign-unlockd.*is not installed'
ok $? 'without besign-unlockd it is said' out.txt err.txt
"$BUILD/besign-unlockd" --state "$here/state" 2>unlockd.txt &
unlockd=$!
started="$started $unlockd"
until_true note 'fprintd, is not installed'
ok $? 'without fprintd it is said' out.txt err.txt
[ "$(stat -c %a state)" = 700 ]
ok $? 'its directory is for root alone' unlockd.txt
echo no >fake/reader
./fake_fprintd both fake >fake.txt 2>&1 &
fake=$!
started="$started $fake"
until_true told ready
note 'no fingerprint reader'
ok $? 'without a reader it is said' out.txt err.txt
rm fake/reader && echo no >fake/allowed
note 'remote (SSH), or polkit refuses'
ok $? 'that polkit refuses, as for a session over SSH, is said' out.txt err.txt
rm fake/allowed && echo no >fake/enrolled
note 'enrol one with fprintd-enroll'
ok $? 'without a finger it is said how to enrol one' out.txt err.txt
rm fake/enrolled
as a list && ! grep -A 1 '(fingerprint)' out.txt | grep -q Note
ok $? 'and otherwise it can be used' out.txt err.txt

# ---- a finger ----

attempt a
[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] && ! told Claim
ok $? 'nothing saved: no finger is asked for' out.txt err.txt
finger 'verify-match 1'
enrol a && told 'Claim nobody' && [ "$(stat -c '%a %u' state/65534.key)" = '600 0' ] && [ "$(stat -c %s state/65534.key)" -eq 32 ]
ok $? 'a passphrase is saved behind a finger of that user, and the key is kept by root alone' out.txt err.txt fake.txt unlockd.txt
attempt a
ok $? 'the finger brings it back' out.txt err.txt
finger 'verify-retry-scan 0' 'verify-swipe-too-short 0' 'verify-match 0' 'verify-match 1'
attempt a
ok $? 'a finger that lay askew is put there again' out.txt err.txt
before=$(count VerifyStop)
finger 'verify-no-match 1'
attempt a
[ $? -eq 5 ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'not recognised' err.txt && [ "$(count VerifyStop)" -eq $((before + 1)) ]
ok $? 'another finger does not, and the status says so' out.txt err.txt
[ "$(cut -d ' ' -f 1 state/65534.tries)" -eq 1 ] && finger 'verify-match 1' && attempt a && [ ! -e state/65534.tries ]
ok $? 'it is counted on the disk until the right one comes' out.txt err.txt
finger 'verify-disconnected 1'
attempt a
[ $? -eq 2 ] && grep -q 'reader, or its service, failed' err.txt && [ ! -e state/65534.tries ]
ok $? 'a reader that is unplugged counts for nothing' out.txt err.txt

# ---- one key for one match ----

finger 'verify-match 1' 'verify-match 1'
attempt a && finger 'verify-no-match 1'
attempt a
[ $? -eq 5 ]
ok $? 'a second match of one finger is good for nothing later' out.txt err.txt
finger 'verify-no-match 1' 'verify-match 1'
attempt a
[ $? -eq 5 ]
ok $? 'nor is one after a no' out.txt err.txt
echo 'verify-match 1' >fake/early
finger 'verify-no-match 1'
rm -f state/65534.tries
attempt a
[ $? -eq 5 ]
ok $? 'nor one from before the question' out.txt err.txt
rm fake/early && rm -f state/65534.tries

# ---- while a finger is waited for ----

more_than() { [ "$(count "$1")" -gt "$2" ]; }
no_tries() { [ ! -e state/65534.tries ]; }
before=$(count VerifyStart)
: >fake/finger
setpriv --reuid 65534 --regid 65534 --clear-groups env XDG_DATA_HOME="$here/home/a" \
	./besign unlock try --p12 sample.p12 --way fingerprint >waiting.txt 2>&1 </dev/null &
waiting=$!
until_true more_than VerifyStart "$before"
./fake_fprintd forge besign.Unlock1
setpriv --reuid 2 --regid 2 --clear-groups ./fake_fprintd forge besign.Unlock1
# Asked after the forged signals came: who answers has seen them, and waits on.
finger 'verify-match 1'
enrol b
[ $? -eq 2 ] && grep -q 'in use' err.txt && [ ! -s waiting.txt ]
ok $? 'a signal that somebody else sends is no match, and two do not ask at once' out.txt err.txt waiting.txt unlockd.txt
stops=$(count VerifyStop)
kill $waiting && wait $waiting
until_true more_than VerifyStop "$stops" && until_true no_tries
ok $? 'who leaves lets go of the reader, and that is no try' out.txt err.txt fake.txt

# ---- another user ----

finger 'verify-match 1'
enrol b && told 'Claim bin' && attempt b && ! cmp -s state/2.key state/65534.key
ok $? 'another user has another key, and fingers of its own' out.txt err.txt
cp home/a/besign/unlock stolen && chown 2 home/b/besign/unlock && cat stolen >home/b/besign/unlock
attempt b
[ $? -eq 2 ] && grep -q 'could not be opened' err.txt
ok $? 'what one saved opens for nobody else' out.txt err.txt
echo no >fake/allowed
attempt a
[ $? -eq 2 ] && grep -q 'remote (SSH)' err.txt && [ ! -e state/65534.tries ]
ok $? 'a remote session gets nothing, whatever finger is there' out.txt err.txt
rm fake/allowed

# ---- too many ----

finger 'verify-no-match 1'
for i in 1 2 3; do attempt a; done
finger 'verify-match 1'
starts=$(count VerifyStart)
attempt a
[ $? -eq 2 ] && grep -q 'Too many.*(20..-..-..T' err.txt && [ "$(count VerifyStart)" -eq "$starts" ]
ok $? 'after three wrong fingers the right one has to wait' out.txt err.txt
note 'Too many'
ok $? 'which the list says too' out.txt err.txt
kill $unlockd && wait $unlockd 2>/dev/null
"$BUILD/besign-unlockd" --state "$here/state" 2>>unlockd.txt &
unlockd=$!
started="$started $unlockd"
until_true note 'Too many' && attempt a
[ $? -eq 2 ] && [ "$(count VerifyStart)" -eq "$starts" ]
ok $? 'also when besign-unlockd was started anew' out.txt err.txt
attempt b
[ $? -eq 2 ] && ! grep -q 'Too many' err.txt
ok $? 'another user does not' out.txt err.txt
echo "3 $(($(date +%s) - 31))" >state/65534.tries
attempt a && [ ! -e state/65534.tries ]
ok $? 'after the time has passed it is good again' out.txt err.txt
echo "9 $(($(date +%s) + 86400))" >state/65534.tries
attempt a
[ $? -eq 2 ] && grep -q 'Too many' err.txt
ok $? 'a clock that was set back frees nobody' out.txt err.txt
echo 'x' >state/65534.tries
attempt a
[ $? -eq 2 ] && grep -q 'failed' err.txt
ok $? 'a broken count lets nobody try' out.txt err.txt
rm state/65534.tries

# ---- its own files ----

chmod 644 state/65534.key
attempt a
[ $? -eq 2 ] && chmod 600 state/65534.key && attempt a
ok $? 'a key that others can read is not used' out.txt err.txt
as a remove --p12 sample.p12 --way fingerprint && [ ! -e state/65534.key ] && [ -e state/2.key ] && [ ! -e home/a/besign/unlock ]
ok $? 'with the last slot the key goes' out.txt err.txt
kill $unlockd && wait $unlockd 2>/dev/null
chmod 755 state
"$BUILD/besign-unlockd" --state "$here/state" 2>refused.txt
[ $? -eq 1 ] && grep -q 'not its own alone' refused.txt
ok $? 'it does not start where others can look' refused.txt
./fake_fprintd lie fake >lie.txt 2>&1 &
started="$started $!"
until_true grep -q ready lie.txt
finger 'verify-match 1'
enrol a
[ $? -eq 2 ] && grep -q 'makes no sense' err.txt && [ ! -e home/a/besign/unlock ]
ok $? 'a key that is too short is none' out.txt err.txt
echo no >fake/key
enrol a
[ $? -eq 2 ] && grep -q 'makes no sense' err.txt && [ ! -e home/a/besign/unlock ]
ok $? 'a refusal that nobody knows is one' out.txt err.txt
echo 'Baik' >fake/word
note 'makes no sense'
ok $? 'nor is a word that nobody knows a yes' out.txt err.txt
if ! has systemd-analyze; then
	skip 'systemd finds its unit hardened' 'systemd-analyze is not installed'
else
	sed "s|@LIBEXECDIR@/besign-unlockd|$BUILD/besign-unlockd|" "$TOP/contrib/besign-unlockd.service.in" >besign-unlockd.service
	systemd-analyze security --offline=true --threshold=20 ./besign-unlockd.service >analyze.txt 2>&1
	ok $? 'systemd finds its unit hardened' analyze.txt
fi
plan
