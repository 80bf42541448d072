#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every refusal: the right status, one line on standard error, nothing on standard output, nothing written.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
letter=$TOP/contrib/letter.pdf
. "$TOP/tests/tap.sh"
cd "$TMP" || exit 2
XDG_DATA_HOME=$TMP/data
export XDG_DATA_HOME
cp "$letter" letter.pdf
cp "$letter" other.pdf
echo 'no key at all' >key.p12
echo 'not a PDF' >text.pdf
mkdir folder

# refused STATUS SENTENCE [ARGUMENTS...]
refused() {
	wanted=$1 sentence=$2
	shift 2
	echo rahasia | "$BESIGN" "$@" >out.txt 2>err.txt
	status=$?
	good=0
	[ $status -eq "$wanted" ] || { good=1 && echo "# status $status instead of $wanted"; }
	[ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] || good=1
	[ "$(ls ./*_signed.pdf folder/* 2>/dev/null)" = '' ] || good=1
	ok $good "$sentence" out.txt err.txt
}

refused 2 'an option of no command and no screen' --fast
refused 2 'an unknown command' sing letter.pdf
refused 2 'a command of a later version' unlock
refused 2 'an unknown option' verify --fast letter.pdf
refused 2 'an option cut short' verify --rev none letter.pdf
refused 2 'an option without its value' verify --at
refused 2 'a value that the option does not know' verify --revocation maybe letter.pdf
refused 2 'a flag with a value' verify --json=yes letter.pdf
refused 2 'an option given twice' verify --at 2026-01-01T00:00:00Z --at 2026-01-01T00:00:00Z letter.pdf
refused 2 'a help page for no command' help sing
refused 2 'a version of something' version letter.pdf
refused 2 'a doctor for something' doctor letter.pdf
refused 2 'a walk somewhere' walk letter.pdf

refused 2 'verify: no document' verify
refused 2 'verify: a missing file' verify missing.pdf
refused 2 'verify: a directory' verify folder
refused 2 'verify: no PDF' verify text.pdf
refused 2 'verify: a time that is none' verify --at yesterday letter.pdf
refused 2 'verify: a directory of anchors that is missing' verify --trust missing letter.pdf
refused 2 'verify: a permission that is none' verify --docmdp 4 letter.pdf
refused 2 'verify: extracting from two documents' verify --extract 1 x.pdf letter.pdf other.pdf
refused 2 'verify: extracting signature "first"' verify --extract first x.pdf letter.pdf
refused 2 'verify: a report that would replace a document' verify --report letter.pdf letter.pdf
refused 2 'verify: a report and JSON at once' verify --json --report r.json letter.pdf
refused 2 'verify: a password from a closed descriptor' verify --password-fd 9 letter.pdf

refused 2 'qr: no verb' qr
refused 2 'qr: no file' qr read
refused 2 'qr: a missing file' qr read missing.png
refused 2 'qr: a directory' qr read folder
refused 2 'qr: neither document nor picture' qr read text.pdf
refused 2 'qr: a name to keep nothing under' qr read -o kept.pdf letter.pdf
refused 2 'qr: text that is none' qr read --text ' '

key='--p12 key.p12 --passphrase-fd 0'
# shellcheck disable=SC2086
{
	refused 2 'sign: no document' sign $key
	refused 2 'sign: no key' sign letter.pdf
	refused 2 'sign: two keys at once' sign $key --credential abc letter.pdf
	refused 2 'sign: a token of no name' sign --pkcs11 key.p12 --passphrase-fd 0 letter.pdf
	refused 2 'sign: a PIN in the name of a token' sign --pkcs11 'pkcs11:token=x?pin-value=1' --passphrase-fd 0 letter.pdf
	refused 2 'sign: a missing key file' sign --p12 missing.p12 --passphrase-fd 0 letter.pdf
	refused 2 'sign: a key file that is none' sign $key letter.pdf
	refused 2 'sign: a missing document' sign $key missing.pdf
	refused 2 'sign: a directory' sign $key folder
	refused 2 'sign: one output for two documents' sign $key -o x.pdf letter.pdf other.pdf
	refused 2 'sign: -o and --out at once' sign $key -o x.pdf --out folder letter.pdf
	refused 2 'sign: a passphrase from a closed descriptor' sign --p12 key.p12 --passphrase-fd 9 letter.pdf
	refused 2 'sign: a passphrase from what is no descriptor' sign --p12 key.p12 --passphrase-fd x letter.pdf
	refused 2 'sign: an unknown digest' sign $key --digest md5 letter.pdf
	refused 2 'sign: an unknown form' sign $key --subfilter sha1 letter.pdf
	refused 2 'sign: an unknown scheme' sign $key --scheme raw letter.pdf
	refused 2 'sign: an unknown level' sign $key --level B-X letter.pdf
	for level in B-T B-LT B-LTA; do
		refused 2 "sign: level $level, not in this version" sign $key --level $level letter.pdf
	done
	refused 2 'sign: a million at once' sign $key --jobs 1000000 letter.pdf
	refused 2 'sign: visible and invisible' sign $key --visible --invisible letter.pdf
	refused 2 'sign: visible, but nowhere' sign $key --visible letter.pdf
	refused 2 'sign: visible at two places' sign $key --visible --field A --anchor B letter.pdf
	refused 2 'sign: visible in a field and a rectangle' sign $key --visible --field A --page 1 --rect 1,1,9,9 letter.pdf
	refused 2 'sign: a page without a rectangle' sign $key --visible --page 1 letter.pdf
	refused 2 'sign: a rectangle without a page' sign $key --visible --rect 1,1,9,9 letter.pdf
	refused 2 'sign: a size without an anchor' sign $key --visible --page 1 --rect 1,1,9,9 --size 9,9 letter.pdf
	refused 2 'sign: an anchor of nothing' sign $key --visible --anchor '' letter.pdf
	for option in '--page 1' '--rect 1,1,9,9' '--size 9,9' '--anchor A' '--image red.png' '--qr A' '--text A'; do
		refused 2 "sign: $option without --visible" sign $key $option letter.pdf
	done
	for page in 0 -1 zwei 1x 99999999; do
		refused 2 "sign: page $page" sign $key --visible --page $page --rect 1,1,9,9 letter.pdf
	done
	for rect in 1,1,9 1,1,9,9,9 1,1,0,9 -1,1,9,9 1,1,9,x 1,1,9, 1.,1,9,9 1e9,1,9,9; do
		refused 2 "sign: rectangle $rect" sign $key --visible --page 1 --rect $rect letter.pdf
	done
	place='--visible --page 1 --rect 1,1,99,99'
	refused 2 'sign: a word that nobody fills in' sign $key $place --text 'by {nama}' letter.pdf
	refused 2 'sign: a brace that is never closed' sign $key $place --text 'by {name' letter.pdf
	refused 2 'sign: a picture that is missing' sign $key $place --image missing.png letter.pdf
	refused 2 'sign: a QR code of nothing' sign $key $place --qr '' letter.pdf
	refused 2 'sign: more lines than a stamp has' sign $key $place $(yes -- --text x | head -n 17) letter.pdf
	for option in --certify --lock --tsa --resume; do
		refused 2 "sign: $option, not in this version" sign $key $option letter.pdf
	done
}

refused 2 'share: no document' share --to-dir folder
refused 2 'share: no way' share letter.pdf
refused 2 'share: two ways at once' share --to-dir folder --sftp sftp://sari@contoh.example/ letter.pdf
refused 2 'share: a folder that is missing' share --to-dir missing letter.pdf
refused 2 'share: a folder that is a file' share --to-dir other.pdf letter.pdf
refused 2 'share: a missing document' share --to-dir folder missing.pdf
refused 2 'share: a folder as document' share --to-dir folder folder
refused 2 'share: moving by mail' share --mail a@contoh.example --move letter.pdf
refused 2 'share: replacing by mail' share --mail a@contoh.example --force letter.pdf
refused 2 'share: a subject for a folder' share --to-dir folder --subject x letter.pdf
refused 2 'share: a password for a folder' share --to-dir folder --password-fd 0 letter.pdf
refused 2 'share: a key file for mail' share --mail a@contoh.example --identity key.p12 letter.pdf
refused 2 'share: mail from nobody' share --mail a@contoh.example letter.pdf
for address in '' a @b 'a@b@' 'a b' '<a@b>' "a@b
Bcc: c@d"; do
	refused 2 "share: a letter to $(echo "$address" | tr '\n' ' ')" share --from sari@contoh.example --mail "$address" letter.pdf
done
refused 2 'share: a letter from no address' share --from sari --mail a@contoh.example letter.pdf
refused 2 'share: a subject of two lines' share --from sari@contoh.example --mail a@contoh.example --subject "a
Bcc: c@d" letter.pdf
for url in '' x sftp://contoh.example/x sftp://@contoh.example/ 'sftp://sari:rahasia@contoh.example/' ftp://sari@contoh.example/ \
	sftp://sari@contoh.example:0/ sftp://sari@contoh.example:99999/ sftp://sari@contoh.example/%0a sftp://sari@-x/ 'sftp://sari@a b/'; do
	refused 2 "share: the address \"$url\"" share --password-fd 0 --sftp "$url" letter.pdf
done

refused 2 'trust: nothing said' trust
refused 2 'trust: an unknown verb' trust believe
refused 2 'trust: accepting nothing in particular' trust accept --yes
refused 2 'trust: accepting a name that is none' trust accept --yes Nobody
refused 2 'trust: accepting without being asked' trust accept --all
refused 2 'trust: adding a missing file' trust add missing.pem
refused 2 'trust: adding what is no certificate' trust add letter.pdf
refused 2 'trust: removing what was never accepted' trust remove RootCA_Indonesia_DS_G1
refused 2 'trust: two names at once' trust add a.pem b.pem

refused 2 'login: a name behind it' login sari
refused 2 'login: nobody said, nobody to ask' login
refused 2 'login: a user of no name' login --user '' --password-fd 0
refused 2 'login: a service that is no address' login --service sign.example.id --user sari --password-fd 0
refused 2 'login: a password in the address' login --service https://a:b@sign.example.id --user sari --password-fd 0
refused 2 'login: plain HTTP to another machine' login --service http://sign.example.id --user sari --password-fd 0
refused 2 'login: an authority for the service on this computer' login --ca letter.pdf --user sari --password-fd 0
refused 2 'login: an authority that is missing' login --service https://sign.example.id --ca none.pem --user sari --password-fd 0
refused 2 'logout: a name behind it' logout sari
refused 2 'status: a name behind it' status sari
refused 2 'register: a language of its own' register --lang-of-mail de
for command in otp cert passphrase password mail; do
	refused 2 "$command: nothing said" $command
	refused 2 "$command: an unknown word" $command forget
done
refused 2 'otp: removing nothing in particular' otp remove
refused 2 'otp: an option of another word' otp list --name A
refused 2 'cert: an option of another word' cert list --reason superseded
refused 2 'cert: choosing nothing in particular' cert use
refused 2 'cert: two at once' cert info a b
refused 2 'cert: no number of days' cert info --expires-within soon
refused 2 'cert: a kind of key that nobody makes' cert issue --key dsa --accept-terms 1
refused 2 'cert: a reason that is none' cert revoke abc --reason boredom --yes
refused 2 'cert: none is chosen' cert info
refused 2 'passphrase: an option of another word' passphrase set --new-passphrase-fd 0
refused 2 'password: a name behind it' password change sari
refused 2 'unlock: nothing said' unlock
refused 2 'unlock: an unknown verb' unlock open
refused 2 'unlock: two verbs at once' unlock list list
refused 2 'unlock: no key file' unlock add --way ssh-agent
refused 2 'unlock: no way' unlock add --p12 key.p12
refused 2 'unlock: an unknown way' unlock add --p12 key.p12 --way face
refused 2 'unlock: saving a passphrase behind itself' unlock add --p12 key.p12 --way passphrase --passphrase-fd 0
refused 2 'unlock: choosing what was never saved' unlock use --p12 key.p12 --way ssh-agent
refused 2 'unlock: removing what was never saved' unlock remove --p12 key.p12 --way fingerprint
refused 2 'unlock: trying what was never saved' unlock try --p12 key.p12 --way ssh-agent

: >out.txt
setsid "$BESIGN" sign --p12 key.p12 letter.pdf >out.txt 2>err.txt </dev/null
status=$?
good=1
[ $status -eq 2 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q passphrase-fd err.txt && good=0
ok $good 'sign: without a terminal it is said how to give the passphrase' out.txt err.txt

"$BESIGN" verify letter.pdf >&- 2>err.txt
status=$?
good=1
[ $status -ne 0 ] && [ "$(wc -l <err.txt)" -eq 1 ] && good=0
ok $good 'a closed standard output is noticed' out.txt err.txt

good=0
for command in sign verify trust visual login logout status register otp cert passphrase password mail unlock journal share qr walk doctor version help; do
	"$BESIGN" help $command >out.txt 2>err.txt && [ -s out.txt ] && [ ! -s err.txt ] || good=1
	"$BESIGN" $command --help >out.txt 2>err.txt && [ -s out.txt ] && [ ! -s err.txt ] || good=1
done
ok $good 'every command explains itself' out.txt err.txt

plan
