#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The account from the command line: a person's whole way with the service on this computer, at a terminal and by
# descriptors; every refusal with its status; and a server.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
for tool in python3 oathtool; do
	has $tool || skip_all 'the account' "$tool is not installed"
done
# What is asked is kept outside of the home that is searched for secrets afterwards.
mkdir -m 700 "$TMP/home" "$TMP/run" "$TMP/work" && cd "$TMP/work" || exit 2
HOME=$TMP/home XDG_RUNTIME_DIR=$TMP/run BESIGN_LANG=en
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR
export HOME XDG_RUNTIME_DIR BESIGN_LANG
umask 077
helper=$TOP/tests/flow/account.py
state=$HOME/.local/state/besign
TERM=xterm
export TERM

password='kenari kata sandi 71c09f4b'
password_after='kenari kata sandi 88d1e0aa'
passphrase='kenari frasa sandi e8240b9d'
passphrase_after='kenari frasa sandi 3b5d7e90'
wrong='kenari salah a96e21d4'

# says STATUS ARGUMENTS...: standard input is handed on. One line of standard error at most, and one when it is refused.
says() {
	wanted=$1
	shift
	"$BESIGN" "$@" >out.txt 2>err.txt
	status=$?
	lines=$(wc -l <err.txt)
	[ $status -eq "$wanted" ] || { echo "# $* gave $status instead of $wanted" && return 1; }
	case $status in
	0) [ "$lines" -eq 0 ] ;;
	1) [ "$lines" -le 1 ] ;;
	*) [ "$lines" -eq 1 ] ;;
	esac
}

# given TEXT STATUS ARGUMENTS...: with a line on standard input.
given() {
	text=$1
	shift
	printf '%s\n' "$text" >line
	says "$@" <line
	got=$?
	rm line
	return $got
}

# member NAME: of the one JSON object in out.txt
member() {
	python3 -c 'import json, sys
value = json.load(open("out.txt"))
for name in sys.argv[1].split("."):
    value = value[name]
print(value)' "$1"
}

# code KEY: the next code that this key has not given; two come without waiting, a third waits for the clock.
code() {
	used=$(cat "used.$1" 2>/dev/null || echo 0)
	step=$(($(date +%s) / 30))
	[ "$step" -gt "$used" ] || step=$((used + 1))
	while [ $step -gt $(($(date +%s) / 30 + 1)) ]; do sleep 1; done
	echo $step >"used.$1"
	oathtool --totp -b -N "@$((step * 30))" "$1"
}

# enrols STATUS ARGUMENTS...: a command that shows a setup key and wants its code from descriptor 4. The key is left in $key,
# and what answers stands in $answer: right or wrong.
answer=right
enrols() {
	wanted=$1
	shift
	rm -f code.fifo && mkfifo code.fifo
	"$BESIGN" "$@" --code-fd 4 4<code.fifo >out.txt 2>err.txt &
	pid=$!
	exec 8>code.fifo
	while ! grep -q '^Setup key: ' out.txt && kill -0 $pid 2>/dev/null; do :; done
	key=$(sed -n 's/^Setup key: //p' out.txt | tr -d ' ')
	cat "/proc/$pid/cmdline" "/proc/$pid/environ" 2>/dev/null | tr '\0' '\n' >seen.txt
	now=$(code "$key")
	[ $answer = right ] || now=$(printf '%06d' $(((${now#"${now%%[!0]*}"} + 1) % 1000000)))
	echo "$now" >&8
	exec 8>&-
	wait $pid
	[ $? -eq "$wanted" ]
}

# ---- nobody yet ----

says 1 status && grep -q '^Signed in: *no; "besign login"' out.txt
ok $? 'at first nobody is signed in' out.txt err.txt
says 1 status --json && [ "$(member signed_in) $(member reachable) $(member service) $(member certificate)" = 'False True embedded None' ]
ok $? 'and a program is told the same' out.txt err.txt
says 4 cert list </dev/null && grep -q 'not signed in' err.txt && says 4 otp list && says 4 mail list && says 4 logout --all
ok $? 'what needs a session says so' out.txt err.txt
socket=$(find "$XDG_RUNTIME_DIR" -type s)
trap 'python3 "$helper" stop "$socket"' EXIT
# The rest is quicker with one that takes this machine for a small one: passwords are derived as fast as they may be.
python3 "$helper" stop "$socket"
mkfifo ready
truncate -s 64 fault
ASAN_OPTIONS=verify_asan_link_order=0 IOFAULT=$TMP/work/fault LD_PRELOAD=$BUILD/tests/iofault.so "$BUILD/besignd" --embedded \
	--data "$HOME/.local/share/besign/service" --socket "$socket" --ready-fd 3 3>ready 2>/dev/null &
read -r said <ready
rm ready
given 12345 4 register --user sari@example.id --name 'Sari Contoh' --password-fd 0 && grep -q 'characters' err.txt
ok $? 'a weak password is refused, and the rule is told' out.txt err.txt
given "$password" 0 register --user sari@example.id --name 'Sari Contoh' --organisation 'Instansi Contoh' --lang-of-mail id --password-fd 0
ok $? 'a person registers' out.txt err.txt
given "$password" 4 register --user sari@example.id --name 'Sari Contoh' --password-fd 0
ok $? 'not twice' out.txt err.txt

# ---- signing in ----

given "$wrong" 5 login --user sari@example.id --password-fd 0 --device Ponsel
ok $? 'a wrong password: 5' out.txt err.txt
given "$password" 2 login --user sari@example.id --password-fd 0 && grep -q -- '--device NAME' err.txt && ! grep -q 'Setup key' out.txt
ok $? 'a setup key is not written into a file unless a name for the device was given' out.txt err.txt
printf '%s\n' "$password" >password.txt
answer=wrong
enrols 5 login --user sari@example.id --password-fd 3 --device Ponsel 3<password.txt && grep -q 'code is wrong' err.txt && says 1 status
ok $? 'a wrong first code: 5, and nobody is signed in' out.txt err.txt
answer=right
enrols 0 login --user sari@example.id --password-fd 3 --device Ponsel --png qr.png 3<password.txt && grep -q '^signed in: sari@example.id$' out.txt
ok $? 'with the code of the setup key a device is enrolled' out.txt err.txt
first=$key
! grep -q kenari seen.txt && grep -q '^login$' seen.txt
ok $? 'neither arguments nor environment had a secret while it ran' seen.txt
[ "$(stat -c %a qr.png)" = 600 ]
ok $? 'the picture of the code is for its owner alone'
if has zbarimg; then
	[ "$(zbarimg -q --raw qr.png 2>/dev/null)" = "otpauth://totp/BeSign:sari%40example.id?secret=$first&issuer=BeSign" ]
	ok $? 'and can be scanned'
else
	skip 'and can be scanned' 'zbarimg is not installed'
fi
[ "$(stat -c %a "$state/session")" = 600 ]
ok $? 'the session is for its owner alone'
says 0 status && grep -q '^Signed in: *sari@example.id$' out.txt && grep -q '^Name: *"Sari Contoh"$' out.txt && says 0 status --json &&
	[ "$(member user) $(member name) $(member organisation)" = 'sari@example.id Sari Contoh Instansi Contoh' ]
ok $? 'status tells who it is' out.txt err.txt
oathtool --totp -b -N "@$(($(cat "used.$first") * 30))" "$first" >code.txt
says 5 login --user sari@example.id --password-fd 3 --code-fd 4 3<password.txt 4<code.txt && grep -q 'used already\|another time' err.txt
ok $? 'a code counts once: 5' out.txt err.txt
code "$first" >both.txt
cat password.txt both.txt >lines.txt
says 0 login --user sari@example.id --password-fd 3 --code-fd 3 3<lines.txt
ok $? 'one descriptor gives a line for each, and any device of the user will do' out.txt err.txt
says 2 login --user sari@example.id --device Tablet --password-fd 3 --code-fd 3 3<lines.txt
ok $? 'a device that is none is told' out.txt err.txt

# ---- devices ----

says 2 otp enroll && enrols 0 otp enroll --name Tablet && grep -q '^enrolled: Tablet$' out.txt
ok $? 'a second device is enrolled' out.txt err.txt
second=$key
says 2 otp enroll --name Kartu --png qr.png && says 2 otp enroll --name Kartu --png none/qr.png && says 0 otp list --json && ! grep -q Kartu out.txt
ok $? 'a picture that cannot be written enrols nothing' out.txt err.txt
says 0 otp list && [ "$(grep -c '^[PT]' out.txt)" -eq 2 ] && says 0 otp list --json && python3 -c 'import json
devices = [json.loads(line) for line in open("out.txt")]
assert sorted(d["name"] for d in devices) == ["Ponsel", "Tablet"] and all(d["created"] for d in devices)'
ok $? 'both are listed' out.txt err.txt
says 2 otp remove Kartu && says 0 otp remove Ponsel && says 4 otp remove Tablet
ok $? 'one can be removed, the last cannot' out.txt err.txt

# ---- a certificate ----

says 0 cert list && grep -q 'no certificate' out.txt && says 0 cert list --json && [ ! -s out.txt ]
ok $? 'there is no certificate at first' out.txt err.txt
says 0 cert terms && version=$(sed -n 's/^Version: *//p' out.txt) && [ -n "$version" ] && says 2 cert issue && says 4 cert issue --accept-terms 1999
ok $? 'nothing is issued without the terms, or with old ones' out.txt err.txt
says 0 cert issue --key p256 --accept-terms "$version" && id=$(sed -n 's/^requested: //p' out.txt) && [ ${#id} -gt 8 ]
ok $? 'a certificate is requested' out.txt err.txt
short=$(printf %.5s "$id")
says 4 cert use "$short" && grep -q 'ISSUED' err.txt && grep -q 'passphrase set' err.txt && says 1 cert info "$short" --expires-within 0 &&
	says 2 cert info
ok $? 'it cannot be chosen before it is ISSUED, and it is said what comes next' out.txt err.txt
given 123 4 passphrase set --passphrase-fd 0
ok $? 'a weak passphrase is refused' out.txt err.txt
given "$passphrase" 0 passphrase set --passphrase-fd 0 && grep -q "^ISSUED *$id$" out.txt
ok $? 'the passphrase is set by the link in the mailbox' out.txt err.txt
given "$passphrase" 4 passphrase set --passphrase-fd 0
ok $? 'each link counts once' out.txt err.txt
says 0 mail list && [ "$(wc -l <out.txt)" -ge 3 ] && which=$(says 0 mail list --json && python3 -c 'import json
print([m["number"] for m in map(json.loads, open("out.txt")) if m["link"]][-1])') &&
	says 0 mail show "$which" && ! grep -q '/passphrase/' out.txt && grep -q 'Sari Contoh' out.txt
ok $? 'a mail does not show its link to a file' out.txt err.txt
says 0 mail show "$which" --link && grep -q '^http://localhost/passphrase/[A-Za-z0-9_-]*$' out.txt && cp out.txt link.txt
ok $? 'unless that is asked for' err.txt
says 4 passphrase set --link-fd 3 --passphrase-fd 4 3<link.txt 4<password.txt && says 2 mail show 99 && says 2 mail show x
ok $? 'a used link is refused' out.txt err.txt
says 0 cert use "$short" && says 0 cert list && grep -q 'Chosen:' out.txt && says 0 cert info --json &&
	[ "$(member id) $(member state) $(member chosen) $(member key)" = "$id ISSUED True p256" ] && [ "$(member days_left)" -gt 700 ]
ok $? 'it is chosen, and a program is told all of it' out.txt err.txt
says 2 cert info 0000 && says 2 cert use zzz
ok $? 'a certificate that is none is told' out.txt err.txt
says 0 cert info --expires-within 30 && says 1 cert info --expires-within 800 && says 1 cert info --expires-within 800 --json && [ "$(member state)" = ISSUED ]
ok $? 'for cron: 0 while it lasts, 1 when it ends within those days' out.txt err.txt
says 0 status --json && [ "$(member certificate.id)" = "$id" ] && [ "$(member days_left)" -gt 700 ]
ok $? 'status tells the chosen one, and how many days are left' out.txt err.txt
says 4 cert renew --accept-terms "$version" && grep -q 'too early' err.txt && grep -q 'not before 20' err.txt
ok $? 'renewing is too early, and it is said from when' out.txt err.txt
says 0 cert export --chain && cp out.txt chain.pem && says 0 cert export -o own.pem && ! says 0 cert export -o own.pem &&
	[ "$(grep -c BEGIN own.pem) $(grep -c BEGIN chain.pem)" = '1 3' ]
ok $? 'it is exported, never over another file' out.txt err.txt
if has openssl; then
	openssl verify -partial_chain -trusted chain.pem own.pem >out.txt 2>&1 && openssl x509 -in own.pem -noout -subject | grep -q 'Sari Contoh'
	ok $? 'others read it, and its chain' out.txt
fi

# ---- signing ----

for letter in 1 2 3 4 5 6 7 8 9 10; do
	cp "$TOP/contrib/letter.pdf" letter-$letter.pdf
done
given "$wrong" 5 sign --passphrase-fd 0 letter-*.pdf && grep -q '4 tries are left' err.txt && [ ! -e letter-1_signed.pdf ]
ok $? 'a wrong passphrase: 5, told once, with the tries that are left' out.txt err.txt
given "$passphrase" 0 sign --passphrase-fd 0 --json letter-*.pdf && python3 -c 'import json
done = [json.loads(line) for line in open("out.txt")]
assert len(done) == 10 and all(d["result"] == "signed" and d["level"] == "B-B" for d in done)'
ok $? 'ten letters are signed with the chosen certificate' out.txt err.txt
if has pdfsig; then
	for letter in letter-*_signed.pdf; do pdfsig -nocert "$letter" 2>/dev/null; done >valid.txt
	[ "$(grep -c 'Signature is Valid' valid.txt)" -eq 10 ] && [ "$(grep -c 'Common Name: Sari Contoh' valid.txt)" -eq 10 ]
	ok $? 'and all ten are valid for others' valid.txt
else
	skip 'and all ten are valid for others' 'pdfsig is not installed'
fi
given "$passphrase" 0 sign --credential "$short" --passphrase-fd 0 -o again.pdf letter-1.pdf && given "$passphrase" 2 sign --credential none --passphrase-fd 0 letter-1.pdf --force
ok $? 'a certificate can be named, by its beginning' out.txt err.txt
agent=
if has ssh-agent && has ssh-add && has ssh-keygen; then
	ssh-keygen -q -t ed25519 -N '' -f agent.key >/dev/null 2>&1
	SSH_AUTH_SOCK=$TMP/agent.sock && export SSH_AUTH_SOCK
	ssh-agent -D -a "$SSH_AUTH_SOCK" >agent.txt 2>&1 &
	agent=$!
	while ! ssh-add -q agent.key 2>/dev/null; do kill -0 $agent || break; done
	given "$wrong" 5 unlock add --way ssh-agent --passphrase-fd 0 && [ ! -e "$HOME/.local/share/besign/unlock" ] &&
		given "$passphrase" 0 unlock add --way ssh-agent --passphrase-fd 0 && says 0 unlock try --way ssh-agent
	ok $? 'its passphrase is proved at the service, and saved behind a key of an agent' out.txt err.txt
	setsid "$BESIGN" sign -o unlocked.pdf letter-1.pdf >out.txt 2>err.txt </dev/null && "$BESIGN" journal --limit 1 --json >out.txt &&
		[ "$(member result)" = signed ] && [ -s unlocked.pdf ]
	ok $? 'and it signs without being typed' out.txt err.txt
else
	skip 'its passphrase behind a key of an agent' 'openssh-client is not installed'
fi
printf '%s\n%s\n' "$passphrase" "$passphrase_after" >change.txt
says 0 passphrase change --passphrase-fd 3 --new-passphrase-fd 3 3<change.txt && says 5 passphrase change --passphrase-fd 3 --new-passphrase-fd 3 3<change.txt &&
	given "$passphrase_after" 0 sign --passphrase-fd 0 -o after.pdf letter-1.pdf
ok $? 'the passphrase is changed' out.txt err.txt
if [ -n "$agent" ]; then
	setsid "$BESIGN" sign -o outdated.pdf letter-1.pdf >out.txt 2>err.txt </dev/null
	[ $? -eq 5 ] && grep -q 'save it again' err.txt && [ ! -e outdated.pdf ] && says 0 unlock remove --way ssh-agent &&
		[ ! -e "$HOME/.local/share/besign/unlock" ]
	ok $? 'one that was saved before is told to be outdated, and is removed' out.txt err.txt
	kill $agent && wait $agent 2>/dev/null
	unset SSH_AUTH_SOCK
fi
printf '%s\n%s\n' "$password" "$password_after" >change.txt
says 0 password change --password-fd 3 --new-password-fd 3 3<change.txt && says 5 password change --password-fd 3 --new-password-fd 3 3<change.txt
ok $? 'the password is changed' out.txt err.txt
printf '%s\n' "$password_after" >password.txt

# ---- a service that does not answer ----

mkfifo port.fifo
python3 "$helper" proxy "$socket" "$TMP/work/drop" >port.fifo 2>/dev/null &
proxy=$!
read -r port <port.fifo
cp -a "$HOME" "$TMP/elsewhere"
there() {
	HOME=$TMP/elsewhere "$BESIGN" "$@" >out.txt 2>err.txt
}
code "$second" >code.txt
there login --service "http://127.0.0.1:$port" --user sari@example.id --device Tablet --password-fd 3 --code-fd 4 3<password.txt 4<code.txt &&
	grep -q "^service = http://127.0.0.1:$port$" "$TMP/elsewhere/.config/besign/config" && there cert use "$id"
ok $? 'another service is kept in the settings' out.txt err.txt
touch drop
printf '%s\n' "$passphrase_after" >passphrase.txt
there sign --passphrase-fd 3 --json -o lost.pdf letter-1.pdf 3<passphrase.txt
[ $? -eq 6 ] && [ "$(member result) $(member error.code)" = 'unknown unknown-outcome' ] && [ ! -e lost.pdf ]
ok $? 'what was asked and never answered is unknown: 6' out.txt err.txt
there sign --passphrase-fd 3 --out lost letter-1.pdf letter-2.pdf 3<passphrase.txt
[ $? -eq 6 ] && [ "$(grep -c 'may have been carried out' err.txt)" -eq 2 ] && grep -q resume err.txt
ok $? 'of several, each is told' out.txt err.txt
kill $proxy
wait $proxy
there sign --passphrase-fd 3 letter-1.pdf -o lost.pdf 3<passphrase.txt
[ $? -eq 4 ] && [ "$(wc -l <err.txt)" -eq 1 ] && there status --json
[ $? -eq 4 ] && [ "$(member reachable) $(member signed_in) $(member error.code) $(member certificate.id)" = "False True network $id" ] &&
	! there cert info --expires-within 30
ok $? 'a service that is gone: 4, and what is known is told' out.txt err.txt

# ---- revoking ----

says 2 cert revoke </dev/null && says 2 cert revoke --reason superseded </dev/null && says 0 cert revoke --reason superseded --yes && grep -q "^revoked: $id$" out.txt
ok $? 'it is revoked after a confirmation only' out.txt err.txt
says 4 cert revoke --reason superseded --yes && says 1 cert info --expires-within 0 && says 4 cert use "$id"
ok $? 'once' out.txt err.txt
given "$passphrase_after" 4 sign --passphrase-fd 0 -o never.pdf letter-1.pdf && grep -q 'cert issue' err.txt && [ ! -e never.pdf ]
ok $? 'it signs no more, and it is said what to do' out.txt err.txt

TMPDIR=$TMP/work "$BESIGN" walk --keep >walk.txt 2>&1 && mv besign-walk-*/*/sample.p12 sample.p12 2>/dev/null || mv besign-walk-*/sample.p12 sample.p12
printf 'latihan\n%s\n' "$passphrase" >import.txt
says 0 cert import sample.p12 --p12-password-fd 3 --passphrase-fd 3 3<import.txt && other=$(sed -n 's/^imported: //p' out.txt) &&
	given "$passphrase" 0 sign --credential "$other" --passphrase-fd 0 -o other.pdf letter-1.pdf
ok $? 'a key file of another authority is imported, and signs' out.txt err.txt walk.txt
says 5 cert import sample.p12 --p12-password-fd 3 --passphrase-fd 4 3<password.txt 4<password.txt && says 2 cert import none.p12 --p12-password-fd 3 3<password.txt
ok $? 'not with a wrong passphrase, nor one that is not there' out.txt err.txt

# ---- at a terminal ----

cat >script.txt <<END
wait E-mail address: 
type budi@example.id
wait Your name
type Budi Contoh
wait Organisation
type 
wait New password of the account: 
type $password
wait The same password again: 
type $wrong
wait not twice the same
wait New password of the account: 
type $password
wait The same password again: 
type $password
wait registered
END
python3 "$helper" person script.txt "$BESIGN" register >out.txt 2>&1 && ! grep -q kenari out.txt
ok $? 'a person registers at a terminal, and what is secret is not seen' out.txt
cat >script.txt <<END
wait User name or e-mail: 
type budi@example.id
wait Password of the account: 
type $wrong
wait is wrong
wait Password of the account: 
type $password
wait Name of the new device: 
type Ponsel Budi
wait Code of the authenticator: 
qr screen.pbm
type 12
wait is wrong
wait Code of the authenticator: 
code budi
wait signed in: budi@example.id
END
python3 "$helper" person script.txt "$BESIGN" login >out.txt 2>&1 && ! grep -q kenari out.txt
ok $? 'signs in, and may type again what was wrong' out.txt
if has zbarimg; then
	zbarimg -q --raw screen.pbm 2>/dev/null | grep -q '^otpauth://totp/BeSign:budi%40example.id?secret=[A-Z2-7]*&issuer=BeSign$'
	ok $? 'the QR code on the terminal fits 80x24 and can be scanned'
else
	skip 'the QR code on the terminal fits 80x24 and can be scanned' 'zbarimg is not installed'
fi
says 0 status --json && [ "$(member user) $(member certificate)" = 'budi@example.id None' ]
ok $? 'what another person had chosen is forgotten' out.txt err.txt
printf 'wait Type yes: \ntype no\nwait not accepted\n' >script.txt
python3 "$helper" person script.txt "$BESIGN" cert issue >out.txt 2>&1
[ $? -eq 130 ] && says 0 cert list && grep -q 'no certificate' out.txt
ok $? 'terms that are not accepted issue nothing' out.txt
printf 'wait Type yes: \ntype yes\nwait passphrase set\n' >script.txt
python3 "$helper" person script.txt "$BESIGN" cert issue >out.txt 2>&1
ok $? 'a yes accepts them' out.txt
cat >script.txt <<END
wait New passphrase of the certificate: 
type 123
wait again: 
type 123
wait characters
wait New passphrase of the certificate: 
type $passphrase
wait again: 
type $passphrase
wait ISSUED
END
python3 "$helper" person script.txt "$BESIGN" passphrase set >out.txt 2>&1 && ! grep -q kenari out.txt
ok $? 'the passphrase is typed twice' out.txt
printf 'wait Passphrase of the certificate: \ntype %s\nwait signed\n' "$passphrase" >script.txt
python3 "$helper" person script.txt "$BESIGN" sign -o budi.pdf letter-1.pdf >out.txt 2>&1 && ! grep -q kenari out.txt && [ -s budi.pdf ]
ok $? 'and asked for when it signs' out.txt
printf 'wait Type a number: \ntype 3\nwait Type REVOKE to revoke it: \ntype yes\nwait nothing was revoked\n' >script.txt
python3 "$helper" person script.txt "$BESIGN" cert revoke >out.txt 2>&1
[ $? -eq 130 ] && says 0 cert info && grep -q '^ISSUED' out.txt
ok $? 'revoking wants the word, not a yes' out.txt
printf 'wait Ketik nomornya: \ntype 3\nwait Ketik CABUT untuk mencabutnya: \ntype CABUT\nwait dicabut\n' >script.txt
python3 "$helper" person script.txt "$BESIGN" --lang id cert revoke >out.txt 2>&1 && says 0 cert info --json && [ "$(member state) $(member reason)" = 'REVOKE superseded' ]
ok $? 'in Indonesian the word is CABUT' out.txt

# ---- too often ----

given "$password" 0 register --user dewi@example.id --name 'Dewi Contoh' --password-fd 0
for _ in 1 2 3 4; do
	given "$wrong" 5 login --user dewi@example.id --password-fd 0 || break
done
given "$wrong" 5 login --user dewi@example.id --password-fd 0
given "$password" 4 login --user dewi@example.id --password-fd 0 --device Ponsel && grep -q 'locked.*; not before 20' err.txt
ok $? 'too many wrong passwords lock: 4, and until when is said' out.txt err.txt

# ---- signing out, and what is left ----

says 0 logout && [ ! -e "$state/session" ] && says 1 status && says 0 logout && says 4 cert list
ok $? 'signed out, the session is gone' out.txt err.txt
! grep -rlaE 'kenari|latihan' "$HOME" >left.txt && ! grep -rla -e "$first" -e "$second" -e "$(cat budi)" "$HOME" >>left.txt
ok $? 'no password, passphrase or setup key is in a file of the home' left.txt
[ -z "$(find "$HOME" -type f -perm /077)" ]
ok $? 'and none can be read by others'

# ---- a server ----

if ! has openssl; then
	skip 'a server with TLS' 'openssl is not installed'
	plan
fi
python3 "$helper" stop "$socket"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout tls.key -out tls.crt 2>/dev/null
port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
cat >besignd.conf <<END
data = $TMP/work/data
listen = 127.0.0.1:$port
public-url = https://localhost:$port
tls-certificate = $TMP/work/tls.crt
tls-key = $TMP/work/tls.key
organisation = Instansi Contoh
certificate-days = 20
renew-days = 20
END
mkfifo ready
"$BUILD/besignd" --config besignd.conf --ready-fd 3 3>ready 2>log.txt &
server=$!
trap 'kill $server 2>/dev/null' EXIT
read -r said <ready
[ "$said" = ready ] && printf '%s\n' "$password" | "$BUILD/besignd" --config besignd.conf user add ani@example.id --name 'Ani Contoh' --password-fd 0 >out.txt 2>&1
ok $? 'a server of an institution, and a user of it' out.txt log.txt
printf '%s\n' "$password" >password.txt
at="--service https://localhost:$port"
# shellcheck disable=SC2086 # several words are meant
{
	says 4 login $at --user ani@example.id --password-fd 3 --device Ponsel 3<password.txt && grep -q 'could not prove' err.txt && [ ! -e "$HOME/.config/besign/config" ]
	ok $? 'a server that nobody vouches for gets nothing, and is not kept' out.txt err.txt
	says 4 register $at --ca tls.crt --user budi@example.id --name Budi --password-fd 3 3<password.txt && grep -q administrator err.txt
	ok $? 'its administrator makes the accounts' out.txt err.txt
	enrols 0 login $at --ca tls.crt --user ani@example.id --password-fd 3 --device Ponsel 3<password.txt
	ok $? 'with its authority one signs in' out.txt err.txt log.txt
}
grep -q "^service-ca = $TMP/work/tls.crt$" "$HOME/.config/besign/config" && says 0 status --json &&
	[ "$(member service) $(member encrypted)" = "https://localhost:$port True" ]
ok $? 'both are kept' out.txt err.txt
says 2 mail list && says 0 cert issue --accept-terms "$version" && grep -q 'comes to you' out.txt
ok $? 'it has no mailbox: a mail comes' out.txt err.txt
python3 "$helper" link data/Maildir 1 >link.txt
printf '%s\n' "$passphrase" >passphrase.txt
says 0 passphrase set --link-fd 3 --passphrase-fd 4 3<link.txt 4<passphrase.txt && says 0 sign --passphrase-fd 3 -o ani.pdf letter-1.pdf 3<passphrase.txt
ok $? 'the link of the mail sets the passphrase, and the certificate signs' out.txt err.txt log.txt
old=$(says 0 status --json && member certificate.id)
says 1 cert info --expires-within 30 && says 0 cert info --expires-within 10 && says 0 cert renew --accept-terms "$version" &&
	renewed=$(sed -n 's/^requested.*: //p' out.txt) && [ "$renewed" != "$old" ] &&
	says 0 sign --passphrase-fd 3 -o meanwhile.pdf letter-1.pdf 3<passphrase.txt
ok $? 'a certificate that ends soon is renewed, and works meanwhile' out.txt err.txt log.txt
python3 "$helper" link data/Maildir 2 >link.txt
says 0 passphrase set --link-fd 3 --passphrase-fd 4 3<link.txt 4<passphrase.txt && says 0 status --json && [ "$(member certificate.id)" = "$renewed" ] &&
	says 0 sign --passphrase-fd 3 -o renewed.pdf letter-1.pdf 3<passphrase.txt && says 4 cert use "$old" && grep -q EXPIRED err.txt
ok $? 'the one that follows is the chosen one then' out.txt err.txt log.txt
kill $server
wait $server
says 4 sign --passphrase-fd 3 -o never.pdf letter-1.pdf 3<passphrase.txt && says 4 status && grep -q '^Reached: *no$' out.txt && grep -q 'ISSUED' out.txt
ok $? 'without the server: 4' out.txt err.txt
sed -i "s|^service = .*|service = http://localhost.example.invalid:$port|" "$HOME/.config/besign/config"
says 2 status && grep -q 'https://' err.txt
ok $? 'plain HTTP to another machine is refused' out.txt err.txt
sed -i 's|^service-plain-http = .*|service-plain-http = yes|' "$HOME/.config/besign/config"
says 4 status 2>/dev/null
[ "$(grep -c '^besign: Warning: ' err.txt)" -eq 1 ]
ok $? 'and warned of, each time, where it was wished for' out.txt err.txt
sed -i 's|^service = .*|service = nonsense|' "$HOME/.config/besign/config"
says 2 status && says 2 sign --credential abc letter-1.pdf
ok $? 'settings that name no service ask none' out.txt err.txt
plan
