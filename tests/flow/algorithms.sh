#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every kind of key, digest, scheme and form, judged by others: pdfsig (NSS) over the PDF, openssl over the bare CMS. P-256 many times, since the length of
# its signatures varies.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
for tool in openssl pdfsig; do
	has $tool || skip_all 'what other programs say of every algorithm' "$tool is not installed"
done
cd "$TMP" || exit 2
mkdir -m 700 trust
cp "$TOP/contrib/letter.pdf" .
echo rahasia >passphrase

# key NAME OPTIONS...: a key with a certificate of its own, as NAME.p12.
key() {
	name=$1
	shift
	openssl req -x509 -nodes -newkey "$@" -keyout key.pem -out "$name.pem" -days 30 -subj "/C=ID/O=Contoh/CN=Kunci $name" \
		-addext keyUsage=critical,digitalSignature,nonRepudiation >out.txt 2>&1 &&
		openssl pkcs12 -export -inkey key.pem -in "$name.pem" -out "$name.p12" -passout file:passphrase >>out.txt 2>&1 &&
		cp "$name.pem" trust/ && chmod 600 "trust/$name.pem"
}

# The message between the two parts, and the parts themselves, for a program that knows no PDF.
parts() {
	# shellcheck disable=SC2046
	set -- $(sed -n 's/.*"byte_range":\[\([0-9,]*\)\].*/\1/p' verdict.json | tr , ' ')
	{ head -c "$2" signed.pdf && tail -c "+$(($3 + 1))" signed.pdf | head -c "$4"; } >content
	tail -c "+$(($2 + 2))" signed.pdf | head -c "$(($3 - $2 - 2))" | sed 's/../\\x&/g' >hex
	env printf "$(cat hex)" >cms.der
}

# agree TEXT KEY [OPTIONS...]
agree() {
	text=$1 name=$2
	shift 2
	"$BESIGN" sign --p12 "$name.p12" --passphrase-fd 0 --force "$@" -o signed.pdf letter.pdf <passphrase >out.txt 2>err.txt &&
		"$BESIGN" verify --json --no-default-trust --trust trust --revocation none signed.pdf >verdict.json 2>err.txt &&
		parts && pdfsig -nocert signed.pdf >out.txt 2>&1 && grep -q 'Signature is Valid' out.txt &&
		grep -q 'Total document signed' out.txt &&
		openssl cms -verify -cades -binary -inform DER -in cms.der -content content -CAfile "$name.pem" -purpose any -out verified \
			>out.txt 2>err.txt && cmp -s content verified
	ok $? "$text" out.txt err.txt
}

for bits in 2048 3072 4096; do
	key rsa$bits rsa:$bits || { cat out.txt && exit 1; }
	agree "RSA $bits" rsa$bits
done
for digest in sha256 sha384 sha512; do
	agree "RSA 2048, $digest, PKCS#1 v1.5" rsa2048 --digest $digest
	agree "RSA 2048, $digest, PSS" rsa2048 --digest $digest --scheme pss
	agree "RSA 2048, $digest, adbe.pkcs7.detached" rsa2048 --digest $digest --subfilter pkcs7
done
key p256 ec -pkeyopt ec_paramgen_curve:P-256 || { cat out.txt && exit 1; }
for digest in sha256 sha384 sha512; do
	agree "P-256, $digest" p256 --digest $digest
done
for again in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	agree "P-256 once more, $again of 16" p256
done
key p384 ec -pkeyopt ec_paramgen_curve:P-384 || { cat out.txt && exit 1; }
for digest in sha256 sha384 sha512; do
	agree "P-384, $digest" p384 --digest $digest
done
plan
