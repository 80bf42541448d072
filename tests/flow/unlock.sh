#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A passphrase behind a key of a real ssh-agent: saved, tried, signed with, confirmed or not, and gone with the key.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
if ! has ssh-agent || ! has ssh-add || ! has ssh-keygen; then
	skip_all 'a real ssh-agent' 'openssh-client is not installed'
fi
cd "$TMP" || exit 2
export XDG_DATA_HOME="$TMP/data" BESIGN_LANG=en SSH_AUTH_SOCK="$TMP/agent"
file=data/besign/unlock
letter=$TOP/contrib/letter.pdf

"$BESIGN" walk --keep >said.txt 2>&1
ok $? 'a key is made for the next tests' said.txt
mv ./*/sample.p12 . && rm -r ./besign-walk-*

# Asked for a confirmation, the agent runs this; what it answers stands in a file.
printf '#!/bin/sh\necho asked >>"%s/asked"\nexec "%s/answer"\n' "$TMP" "$TMP" >askpass
printf '#!/bin/sh\nexit 0\n' >answer
chmod 700 askpass answer
SSH_ASKPASS=$TMP/askpass SSH_ASKPASS_REQUIRE=force DISPLAY=none ssh-agent -D -a "$SSH_AUTH_SOCK" >agent.txt 2>&1 &
agent=$!
trap 'kill $agent 2>/dev/null' EXIT
tries=0
while [ ! -S "$SSH_AUTH_SOCK" ] && [ $tries -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.05
done
for type in ed25519 ecdsa; do ssh-keygen -q -t $type -N '' -C "kunci $type" -f $type; done
ssh-keygen -q -t rsa -b 2048 -N '' -C 'kunci rsa' -f rsa

# unlock STATUS ARGUMENTS...
unlock() {
	status=$1
	shift
	"$BESIGN" unlock "$@" >out.txt 2>err.txt </dev/null
	[ $? -eq "$status" ]
}
add() { # STATUS PASSPHRASE ARGUMENTS...
	status=$1 words=$2
	shift 2
	echo "$words" | "$BESIGN" unlock add --p12 sample.p12 --passphrase-fd 0 "$@" >out.txt 2>err.txt
	[ $? -eq "$status" ]
}
# Without a terminal, so that nobody is asked.
sign() {
	setsid "$BESIGN" sign --p12 sample.p12 --force -o signed.pdf "$@" "$letter" >out.txt 2>err.txt </dev/null
}
one_line() {
	[ "$(wc -l <err.txt)" -eq 1 ] && [ ! -s out.txt ]
}

unlock 0 list && grep -q '^ *Note: *The ssh-agent has no key' out.txt && [ ! -e $file ]
ok $? 'an agent without a key offers nothing' out.txt err.txt
ssh-add -q ecdsa 2>/dev/null
add 2 latihan --way ssh-agent && one_line && grep -q 'no ed25519 or RSA key' err.txt && unlock 0 list && grep -q 'ECDSA key signs with a random number' out.txt
ok $? 'a key whose signatures differ each time is refused with the reason' out.txt err.txt
ssh-add -q ed25519 2>/dev/null
add 5 salah --way ssh-agent && one_line && [ ! -e $file ]
ok $? 'a wrong passphrase is not saved' out.txt err.txt
add 0 latihan --way ssh-agent && grep -q 'ssh-add -c' out.txt && [ "$(stat -c %a $file)" = 600 ] && ! grep -q latihan $file
ok $? 'the right one is, for the owner alone' out.txt err.txt
unlock 0 list --p12 sample.p12 && grep -q '^IN USE *Key in the ssh-agent' out.txt && grep -q "$(ssh-keygen -lf ed25519.pub | cut -d ' ' -f 2)" out.txt
ok $? 'and the list says so, with the fingerprint that ssh-keygen shows' out.txt err.txt
unlock 0 list --json --p12 ./sample.p12 && [ "$(wc -l <out.txt)" -eq 1 ] && grep -q '"saved":\[{"way":"ssh-agent","kind":"key-file"' out.txt && grep -q '"used":true' out.txt
ok $? 'also for programs' out.txt err.txt
unlock 0 try --p12 sample.p12 --way ssh-agent
ok $? 'trying it opens the key file' out.txt err.txt
sign && [ -s signed.pdf ]
ok $? 'a document is signed without a passphrase typed' out.txt err.txt
rm -f signed.pdf
sign --no-unlock
[ $? -eq 2 ] && one_line && grep -q passphrase-fd err.txt && [ ! -e signed.pdf ]
ok $? 'unless that is not wanted' out.txt err.txt
unlock 0 use --p12 sample.p12 --way passphrase && ! sign && grep -q passphrase-fd err.txt && unlock 0 use --p12 sample.p12 --way ssh-agent && sign
ok $? 'or the passphrase was chosen as the way' out.txt err.txt
cp sample.p12 other.p12
setsid "$BESIGN" sign --p12 other.p12 --force -o other.pdf "$letter" >out.txt 2>err.txt </dev/null
[ $? -eq 2 ] && one_line && [ ! -e other.pdf ]
ok $? 'another key file has to be opened by itself' out.txt err.txt

# ---- RSA, and which of several ----

ssh-add -q rsa 2>/dev/null
add 2 latihan --way ssh-agent && one_line && grep -q 'several keys' err.txt
ok $? 'with two keys one has to be named' out.txt err.txt
add 0 latihan --way ssh-agent --key "$(ssh-keygen -lf rsa.pub | cut -d ' ' -f 2)" && ssh-add -q -d ed25519 2>/dev/null && sign
ok $? 'an RSA key does it as well' out.txt err.txt

# ---- asking first ----

ssh-add -q -d rsa 2>/dev/null
ssh-add -q -c rsa 2>/dev/null
rm -f asked signed.pdf
sign && [ "$(wc -l <asked)" -eq 1 ]
ok $? 'a key added with -c is confirmed once for each signing' out.txt err.txt
printf '#!/bin/sh\nexit 1\n' >answer
rm -f signed.pdf
sign
[ $? -eq 2 ] && one_line && grep -q 'refused to sign' err.txt && [ ! -e signed.pdf ]
ok $? 'and a refusal signs nothing' out.txt err.txt

# ---- another key, no key, no agent ----

ssh-add -q -D 2>/dev/null
sign
[ $? -eq 2 ] && one_line && grep -q 'does not have the key' err.txt
ok $? 'without its key nothing opens' out.txt err.txt
ssh-add -q ed25519 2>/dev/null
sign
[ $? -eq 2 ] && one_line
ok $? 'nor with another one' out.txt err.txt
printf '#!/bin/sh\nexit 0\n' >answer
ssh-add -q rsa 2>/dev/null
chmod 644 $file
sign
[ $? -eq 2 ] && one_line && grep -q 'read by others' err.txt
ok $? 'a file that others can read is not used' out.txt err.txt
chmod 600 $file
cp $file saved && sed -i "s/^certificate = ./certificate = x/" $file
sign
[ $? -eq 2 ] && one_line && grep -q 'could not be opened' err.txt
ok $? 'nor one that was changed' out.txt err.txt
echo '# a remark' >>$file
sign
[ $? -eq 2 ] && one_line && grep -q 'was changed or damaged' err.txt
ok $? 'or that somebody wrote into' out.txt err.txt
cp saved $file && sign
ok $? 'and as it was it is good again' out.txt err.txt

# ---- the key file is another one ----

rm -f $file
add 0 latihan --way ssh-agent --key "$(ssh-keygen -lf rsa.pub | cut -d ' ' -f 2)"
"$BESIGN" walk --keep >said.txt 2>&1
mv sample.p12 first.p12 && mv ./besign-walk-*/sample.p12 . && rm -r ./besign-walk-*
if has openssl && openssl pkcs12 -in sample.p12 -passin pass:latihan -nodes -out all.pem 2>/dev/null &&
	openssl pkcs12 -export -in all.pem -passout pass:berubah -out sample.p12 2>/dev/null; then
	sign
	[ $? -eq 5 ] && one_line && grep -q 'save it again' err.txt
	ok $? 'a passphrase that was changed since is told' out.txt err.txt
else
	skip 'a passphrase that was changed since is told' 'openssl is not installed'
fi
unlock 0 remove --p12 sample.p12 --way ssh-agent && [ ! -e $file ] && unlock 2 remove --p12 sample.p12 --way ssh-agent && one_line
ok $? 'it is removed once, and nothing stays' out.txt err.txt
SSH_AUTH_SOCK='' unlock 2 add --p12 sample.p12 --way ssh-agent && one_line && grep -q 'no ssh-agent here' err.txt
ok $? 'without an agent it is said before a passphrase is asked for' out.txt err.txt
plan
