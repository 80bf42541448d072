#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Signing and verifying from the command line, and what other programs say of the result.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk
for name in a b c d; do cp "$TOP/contrib/letter.pdf" $name.pdf; done
printf '%%PDF-1.7\nthis is none\n' >broken.pdf

sign() {
	echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 "$@" >out.txt 2>err.txt
}

verify() {
	"$BESIGN" verify --no-default-trust --trust trust --revocation none "$@" >out.txt 2>err.txt
}

# status WANTED GOT TEXT
status() {
	[ "$2" -eq "$1" ] || echo "# status $2 instead of $1"
	[ "$2" -eq "$1" ]
	ok $? "$3" out.txt err.txt
}

# ---- where it goes ----

sign a.pdf
status 0 $? 'a document is signed beside itself'
[ -f a_signed.pdf ] && cmp -s a.pdf "$TOP/contrib/letter.pdf" && [ "$(wc -l <out.txt)" -eq 1 ] && [ ! -s err.txt ]
ok $? 'it is told in one line, and the input is as it was' out.txt err.txt
before=$(cksum <a_signed.pdf)
sign a.pdf
status 1 $? 'an existing output is refused'
[ "$(cksum <a_signed.pdf)" = "$before" ]
ok $? 'and stays as it is' out.txt err.txt
sign --force a.pdf
status 0 $? '--force replaces it'
sign --force -o a.pdf a.pdf
status 2 $? 'an output that is the input is refused even with --force'
ln a.pdf same.pdf
sign --force -o same.pdf a.pdf
status 2 $? 'also under another name of the same file'
cmp -s a.pdf "$TOP/contrib/letter.pdf"
ok $? 'and the input is as it was' out.txt err.txt
mkdir one
cp a.pdf one/
sign --force --out two a.pdf one/a.pdf
[ $? -eq 2 ] && [ -z "$(ls two 2>/dev/null)" ]
ok $? 'two inputs for one output are refused, and nothing is signed' out.txt err.txt
sign --out many --quiet a.pdf b.pdf c.pdf && [ "$(ls many)" = "$(printf 'a.pdf\nb.pdf\nc.pdf')" ] &&
	[ ! -s out.txt ] && [ ! -s err.txt ]
ok $? 'several go into a directory under their names, quietly' out.txt err.txt

# ---- several, one bad ----

sign --json --out batch a.pdf broken.pdf missing.pdf b.pdf
status 1 $? 'bad documents in the middle make status 1'
[ "$(ls batch)" = "$(printf 'a.pdf\nb.pdf')" ]
ok $? 'the others are signed, and nothing of the bad ones is left' out.txt err.txt
[ "$(wc -l <out.txt)" -eq 4 ] && [ "$(grep -c '"result":"signed"' out.txt)" -eq 2 ] &&
	sed -n 3p out.txt | grep -q '"code":"not-found"' && sed -n 2p out.txt | grep -q '"result":"failed"'
ok $? '--json says what became of each, in their order' out.txt err.txt
said=$(sed -n 's/.*"sha256":"\([0-9a-f]*\)".*/\1/p' out.txt | head -n 1)
[ "$said" = "$(sha256sum <batch/a.pdf | cut -d ' ' -f 1)" ]
ok $? 'its sha256 is that of the signed file' out.txt err.txt
echo text >text.pdf
sign text.pdf
status 2 $? 'a single file that is no PDF is status 2'
sign --json text.pdf
[ $? -eq 2 ] && grep -q '"code":"not-a-pdf"' out.txt
ok $? 'and --json has its code' out.txt err.txt
echo salah | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 d.pdf >out.txt 2>err.txt
[ $? -eq 5 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && [ ! -e d_signed.pdf ]
ok $? 'a wrong passphrase is status 5 and one line' out.txt err.txt
sign --field Nowhere d.pdf
[ $? -eq 1 ] && [ ! -e d_signed.pdf ]
ok $? 'a field that is not there is refused' out.txt err.txt
sign --scheme pss d.pdf
[ $? -eq 2 ] && [ ! -e d_signed.pdf ]
ok $? 'a scheme that the key does not have is refused' out.txt err.txt
sign --reason 'Setuju, ½ é' --location Jakarta --contact contoh@example.invalid --name 'Penanda Tangan' d.pdf
status 0 $? 'reason, location, contact and name are taken'

# ---- verifying ----

verify a_signed.pdf
status 0 $? 'a signed document is valid'
[ "$(head -n 1 out.txt)" = VALID ]
ok $? 'the verdict stands alone on the first line' out.txt err.txt
verify a.pdf
[ $? -eq 3 ] && [ "$(head -n 1 out.txt)" = 'NO SIGNATURE' ]
ok $? 'a document without signatures is status 3' out.txt err.txt
sed 's/Rp 1\.250/Rp 9.250/' a_signed.pdf >forged.pdf
verify forged.pdf
[ $? -eq 1 ] && [ "$(head -n 1 out.txt)" = 'NOT VALID' ]
ok $? 'a changed document is not valid' out.txt err.txt
"$BESIGN" verify --no-default-trust --revocation none a_signed.pdf >out.txt 2>err.txt
[ $? -eq 1 ] && [ "$(head -n 1 out.txt)" = 'NOT CERTAIN' ]
ok $? 'a signer that leads to nobody who is trusted is not certain' out.txt err.txt
"$BESIGN" verify --no-default-trust --trust trust a_signed.pdf >out.txt 2>err.txt
[ $? -eq 1 ] && [ "$(head -n 1 out.txt)" = 'NOT CERTAIN' ]
ok $? 'an unknown revocation is not certain unless it was not asked for' out.txt err.txt
XDG_DATA_HOME=$TMP/data "$BESIGN" trust add trust/*.pem >out.txt 2>err.txt &&
	XDG_DATA_HOME=$TMP/data "$BESIGN" verify --revocation none a_signed.pdf >out.txt 2>err.txt
ok $? 'an anchor that the user added is trusted' out.txt err.txt
XDG_DATA_HOME=$TMP/data "$BESIGN" verify --no-default-trust --revocation none a_signed.pdf >out.txt 2>err.txt
[ $? -eq 1 ]
ok $? 'but not with --no-default-trust' out.txt err.txt
verify --at 2001-01-01T00:00:00Z a_signed.pdf
status 1 $? 'as of a day before the certificate it is not valid'
verify a_signed.pdf a.pdf
status 3 $? 'of several, 3 wins over 0'
verify a.pdf forged.pdf a_signed.pdf
status 1 $? '1 wins over 3'
verify a_signed.pdf missing.pdf forged.pdf a.pdf
status 2 $? '2 wins over all'
verify --json a_signed.pdf missing.pdf a.pdf
[ "$(wc -l <out.txt)" -eq 3 ] && sed -n 1p out.txt | grep -q '"result":"TOTAL-PASSED"' &&
	sed -n 2p out.txt | grep -q '"result":"ERROR"' && sed -n 3p out.txt | grep -q '"result":"NO-SIGNATURE"'
ok $? '--json is one object a line' out.txt err.txt
verify --report report.json a_signed.pdf && [ "$(head -n 1 out.txt)" = VALID ] && grep -q '"TOTAL-PASSED"' report.json
ok $? '--report writes the same into a file' out.txt err.txt
sign --reason Kedua -o twice.pdf a_signed.pdf && verify --json twice.pdf &&
	[ "$(grep -o '"result":"TOTAL-PASSED"' out.txt | wc -l)" -eq 3 ]
ok $? 'a second signature leaves the first valid' out.txt err.txt
verify --extract 1 extracted.pdf twice.pdf && cmp -s extracted.pdf a_signed.pdf
ok $? 'what the first signer signed can be extracted' out.txt err.txt
verify --extract 1 extracted.pdf twice.pdf
[ $? -eq 2 ]
ok $? 'extracting replaces no file' out.txt err.txt
verify --extract 3 third.pdf twice.pdf
[ $? -eq 2 ] && [ ! -e third.pdf ]
ok $? 'a signature that is not there cannot be extracted' out.txt err.txt
sign --subfilter pkcs7 --digest sha512 -o pkcs7.pdf a.pdf && verify --json pkcs7.pdf &&
	grep -q '"level":"PKCS7"' out.txt && grep -q '"digest":"SHA-512"' out.txt
ok $? 'the other form and another digest are valid as well' out.txt err.txt

# ---- what others say ----

if has pdfsig; then
	good=0
	for file in a_signed.pdf d_signed.pdf twice.pdf pkcs7.pdf; do
		pdfsig -nocert $file 2>/dev/null | tail -n 8 >out.txt
		grep -q 'Signature is Valid' out.txt && grep -q 'Total document signed' out.txt || good=1
	done
	ok $good 'pdfsig: valid, and the total document is signed'
else
	skip 'pdfsig: valid, and the total document is signed' 'pdfsig is not installed'
fi

if has qpdf; then
	good=0
	for file in a_signed.pdf d_signed.pdf twice.pdf pkcs7.pdf; do
		qpdf --check $file >out.txt 2>&1 || good=1
	done
	ok $good 'qpdf --check: nothing to say'
else
	skip 'qpdf --check: nothing to say' 'qpdf is not installed'
fi

if has mutool; then
	mutool sign -v twice.pdf >out.txt 2>&1
	[ "$(grep -c 'signature is valid\|document is unchanged' out.txt)" -ge 2 ]
	ok $? 'mutool: finds both signatures' out.txt err.txt
else
	skip 'mutool: finds both signatures' 'mutool is not installed'
fi

# The two parts of the file, and what stands between them, without a PDF program.
if has openssl; then
	verify --json a_signed.pdf
	# shellcheck disable=SC2046
	set -- $(sed -n 's/.*"byte_range":\[\([0-9,]*\)\].*/\1/p' out.txt | tr , ' ')
	{ head -c "$2" a_signed.pdf && tail -c "+$(($3 + 1))" a_signed.pdf | head -c "$4"; } >content
	tail -c "+$(($2 + 2))" a_signed.pdf | head -c "$(($3 - $2 - 2))" | sed 's/../\\x&/g' >hex
	env printf "$(cat hex)" >cms.der
	openssl cms -verify -binary -inform DER -in cms.der -content content -CAfile trust/sample-ca.pem -purpose any \
		-out verified >out.txt 2>err.txt && cmp -s content verified
	ok $? 'openssl cms: the signature holds over the two parts' out.txt err.txt
	printf x >>content
	! openssl cms -verify -binary -inform DER -in cms.der -content content -CAfile trust/sample-ca.pem -purpose any \
		-out verified >out.txt 2>err.txt
	ok $? 'and not over anything else' out.txt err.txt
else
	skip 'openssl cms: the signature holds over the two parts' 'openssl is not installed'
	skip 'and not over anything else' 'openssl is not installed'
fi

plan
