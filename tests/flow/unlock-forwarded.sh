#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What was saved behind a key of the agent at home opens at the other end of ssh -A, and not without -A: ssh and sshd themselves, over a pipe.
# Where sshd is not installed its package is unpacked here, and the user it wants is there for it alone.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
if ! has ssh || ! has ssh-agent || ! has ssh-keygen || [ "$(id -u)" -ne 0 ]; then
	skip_all 'an agent that is forwarded' 'openssh-client is not installed, or this is not root'
fi
cd "$TMP" || exit 2
export XDG_DATA_HOME="$TMP/data" BESIGN_LANG=en SSH_AUTH_SOCK="$TMP/agent"
sshd=/usr/sbin/sshd libraries=
if [ ! -x $sshd ] && has apt-get && has dpkg-deb; then
	mkdir packages root
	(cd packages && timeout 90 apt-get -q download openssh-server libwrap0) >apt.txt 2>&1
	for package in packages/*.deb; do
		[ ! -e "$package" ] || dpkg-deb -x "$package" root
	done
	sshd=$TMP/root/usr/sbin/sshd
	libraries=$(echo "$TMP"/root/usr/lib/*-linux-gnu* | tr ' ' ':')
fi
[ -x "$sshd" ] || skip_all 'an agent that is forwarded' 'sshd is not installed, and its package cannot be had'
if LD_LIBRARY_PATH=$libraries ldd "$sshd" 2>&1 | grep -q 'not found'; then
	skip_all 'an agent that is forwarded' 'a library that sshd needs cannot be had'
fi

# ---- sshd over a pipe ----

ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t ed25519 -N '' -C 'kunci di rumah' -f home
cp home.pub authorized
cat >sshd.conf <<X
HostKey $TMP/host
AuthorizedKeysFile $TMP/authorized
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
X
{
	echo '#!/bin/sh'
	if ! getent passwd sshd >/dev/null; then
		getent passwd >passwd
		echo 'sshd:x:64999:65534::/run/sshd:/usr/sbin/nologin' >>passwd
		echo "mount --bind '$TMP/passwd' /etc/passwd && mount -t tmpfs tmpfs /run || exit 1"
	fi
	echo 'mkdir -p /run/sshd && chmod 755 /run/sshd'
	echo "LD_LIBRARY_PATH='$libraries' exec '$sshd' -i -e -f '$TMP/sshd.conf'"
} >pipe
chmod 700 pipe && chmod 755 .
unshare -m true 2>/dev/null || skip_all 'an agent that is forwarded' 'there are no mount namespaces here'
ssh-agent -D -a "$SSH_AUTH_SOCK" >agent.txt 2>&1 &
agent=$!
trap 'kill $agent 2>/dev/null' EXIT
tries=0
while [ ! -S "$SSH_AUTH_SOCK" ] && [ $tries -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
ssh-add -q home 2>/dev/null

# there OPTIONS... COMMAND: at the other end.
there() {
	ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o "ProxyCommand unshare -m '$TMP/pipe'" \
		-l root "$@" >out.txt 2>err.txt </dev/null
}
there jauh true
[ $? -eq 0 ] || skip_all 'an agent that is forwarded' "sshd does not let anybody in here: $(tail -n 1 err.txt)"

"$BESIGN" walk --keep >said.txt 2>&1
mv ./besign-walk-*/sample.p12 . && rm -r ./besign-walk-*
echo latihan | "$BESIGN" unlock add --p12 sample.p12 --way ssh-agent --passphrase-fd 0 >out.txt 2>err.txt
ok $? 'a passphrase is saved at home' out.txt err.txt
command="cd '$TMP' && XDG_DATA_HOME='$TMP/data' BESIGN_LANG=en '$BESIGN'"
there -A jauh "$command unlock try --p12 sample.p12 --way ssh-agent"
ok $? 'and opens at the other end of ssh -A, for the agent signs the same' out.txt err.txt
there -A jauh "$command sign --p12 sample.p12 -o signed.pdf '$TOP/contrib/letter.pdf'" && [ -s signed.pdf ]
ok $? 'where a document is signed with it' out.txt err.txt
there jauh "$command unlock try --p12 sample.p12 --way ssh-agent"
[ $? -eq 2 ] && grep -q 'no ssh-agent here' err.txt
ok $? 'but not without -A' out.txt err.txt
plan
