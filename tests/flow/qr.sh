#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign qr read: what it says of pictures and documents, that our own stamps are read back, and what happens when an
# address is asked. The web is a proxy of our own, so that the rules for strangers' addresses hold as they are.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
for tool in python3 pdftoppm; do
	has $tool || skip_all 'reading QR codes' "$tool is not installed"
done
cd "$TMP" || exit 2
mkdir walk passing other
export XDG_DATA_HOME="$TMP/data" BESIGN_LANG=en TMPDIR="$TMP/passing"
unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY ALL_PROXY NO_PROXY
py=$TOP/tests/flow/qr.py

"$BESIGN" doctor >out.txt 2>&1
grep -q 'QR codes in pictures and documents can be read' out.txt || skip_all 'reading QR codes' 'this build, or this kernel, reads none'

# qr STATUS ARGUMENTS...
qr() {
	status=$1
	shift
	"$BESIGN" qr read "$@" >out.txt 2>err.txt
	got=$?
	[ $got -eq "$status" ] || { echo "# status $got instead of $status" && return 1; }
}

# json WHAT EXPECTED: a value of each line, the lines joined by a /
# shellcheck disable=SC2086 # names of values are meant to be split
json() {
	[ "$(python3 "$py" get out.txt $1 | tr '\n' '/' | sed 's,/$,,')" = "$2" ]
}

# ---- our own stamps ----

TMPDIR=$TMP/walk "$BESIGN" walk --keep >said.txt 2>&1
ok $? 'a key is made for the next tests' said.txt
mv walk/*/* . && rm -r walk
sign() {
	echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 --force "$@" "$TOP/contrib/letter.pdf" >out.txt 2>err.txt
}
url='https://dokumen.contoh.example.invalid/verifikasi?id=7d3f0c2a-51b8-4f0e-9a55-0c2f6b7d8e90&jenis=surat'
text='Ditandatangani secara elektronik oleh: Sari Wulandari, S.H. – 28 Mei 2026'
sign --visible --page last --rect 60,600,180,60 --qr "$url" -o wide.pdf && sign --visible --page 1 --rect 500,20,45,45 --qr "$url" -o small.pdf &&
	sign --visible --page 1 --rect 300,600,60,60 --qr "$text" -o text.pdf
ok $? 'the letter is signed with codes on it' out.txt err.txt
for name in wide small; do
	qr 0 $name.pdf && [ "$(sed -n 1p out.txt)" = dokumen.contoh.example.invalid ] && [ "$(sed -n 2p out.txt)" = "  $url" ] && [ ! -s err.txt ]
	ok $? "$name: the code of a visible signature is read back, its host first" out.txt err.txt
done
qr 0 --json text.pdf && json 'content' "$text" && json 'kind host url page error' 'text - - 1 -'
ok $? 'text is read back letter for letter' out.txt err.txt
qr 0 --json wide.pdf small.pdf && json 'file kind host url' "wide.pdf url dokumen.contoh.example.invalid $url/small.pdf url dokumen.contoh.example.invalid $url"
ok $? 'several files are told one by one' out.txt err.txt
for dots in 75 100 150 300; do
	pdftoppm -q -png -r $dots -f 1 -l 1 -singlefile text.pdf page-$dots
	qr 0 --json page-$dots.png && json 'content page' "$text -"
	ok $? "a picture of the page is read, at $dots dots an inch" out.txt err.txt
done
pdftoppm -q -jpeg -r 200 -f 1 -l 1 -singlefile small.pdf page && qr 0 page.jpg && grep -qxF "  $url" out.txt
ok $? 'and one with the noise of JPEG' out.txt err.txt
for kind in '-jpeg -jpegopt progressive=y' '-jpeg -gray' -jpegcmyk '-png -mono'; do
	# shellcheck disable=SC2086 # options
	rm -f kind.* && pdftoppm -q $kind -r 150 -f 1 -l 1 -singlefile text.pdf kind && qr 0 --json kind.* && json content "$text"
	ok $? "and pictures of other kinds: $kind" out.txt err.txt
done

# ---- pages, and what has no code ----

qr 1 --page 1 "$TOP/contrib/letter.pdf" && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'No QR code was found' err.txt
ok $? 'a document without a code is said to have none' out.txt err.txt
qr 1 --json wide.pdf "$TOP/contrib/letter.pdf" && json 'kind error.code' 'url -/- not-found'
ok $? 'one file without a code is enough for status 1' out.txt err.txt
qr 2 --page 9 wide.pdf && grep -q 'does not have that page' err.txt && qr 2 --page 2 page.jpg
ok $? 'a page that is not there' out.txt err.txt
echo 'no picture' >none.png && head -c 3000 page-300.png >cut.png && mkfifo pipe && : >empty.pdf
for file in none.png cut.png pipe empty.pdf missing.png . /dev/zero; do
	qr 2 $file && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ]
	ok $? "what cannot be read is one sentence: $file" out.txt err.txt
done
qr 2 cut.png page.jpg && grep -qxF "  $url" out.txt
ok $? 'and does not keep the others from being read' out.txt err.txt
qr 2 && qr 2 --page && qr 2 -o x.pdf small.pdf && [ "$(wc -l <err.txt)" -eq 1 ] && ! "$BESIGN" qr >out.txt 2>&1 && ! "$BESIGN" qr write small.pdf >out.txt 2>&1
ok $? 'what is asked wrongly is refused' out.txt err.txt
cp "$BESIGN" other/besign && cp "$BUILD/besign-judge" other/ && other/besign qr read small.pdf >out.txt 2>err.txt
[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'QR codes are read by besign-render, which is not here' err.txt
ok $? 'without the helper it says so' out.txt err.txt

# ---- text that is given ----

qr 0 --text 'https://bsre.bssn.go.id@jahat.example/' && [ "$(sed -n 1p out.txt)" = jahat.example ] && grep -q 'is a name to sign in with' out.txt
ok $? 'a host that hides behind an @ stands first' out.txt err.txt
qr 0 --json --text 'http://bѕre.example/' --text 'tte.contoh.go.id/x' && json 'host warnings' 'xn--bre-fhd.example ["HOST_NOT_ASCII", "NOT_HTTPS"]/tte.contoh.go.id ["NO_SCHEME"]'
ok $? 'letters that look like others are spelt out' out.txt err.txt
qr 0 --text "$(printf 'SAH\033[2J\033]0;x\007\nbaris dua')" && ! LC_ALL=C grep -q "$(printf '\033')" out.txt && grep -q '^  baris dua$' out.txt
ok $? 'nothing in a text reaches the terminal as it is' out.txt err.txt

# ---- asking ----

cp letter_signed.pdf signed.pdf && cp letter_forged.pdf changed.pdf && cp "$TOP/contrib/letter.pdf" plain.pdf
python3 "$py" serve port requests.txt . &
server=$!
trap 'kill $server' EXIT
until [ -s port ]; do kill -0 $server 2>/dev/null || { ok 1 'the web is there' && plan; }; done
http_proxy=http://127.0.0.1:$(cat port)
export http_proxy
at=http://dokumen.contoh.example

qr 0 --text $at/surat.pdf && qr 0 small.pdf && [ ! -s requests.txt ]
ok $? 'nobody is asked unless --fetch says so' out.txt err.txt requests.txt

# fetch STATUS PATH ARGUMENTS...
fetch() {
	wanted=$1 path=$2
	shift 2
	: >requests.txt
	qr "$wanted" --fetch --text "$at$path" "$@" && [ -z "$(ls passing)" ]
}

fetch 1 /surat.pdf && grep -q '^NOT CERTAIN' out.txt && grep -q 'Penanda Tangan Latihan' out.txt && grep -q 'a PDF document' out.txt
ok $? 'a document is verified, and nothing is left of it' out.txt err.txt
"$BESIGN" trust add trust/*.pem >out.txt 2>err.txt
ok $? 'its authority is trusted' out.txt err.txt
fetch 0 /surat.pdf --revocation none && grep -q '^VALID' out.txt
ok $? 'and now it is valid' out.txt err.txt
fetch 1 /ubah.pdf --revocation none --json && json 'fetched.kind fetched.result' 'pdf TOTAL-FAILED' && fetch 3 /polos.pdf --json && json 'fetched.result' NO-SIGNATURE &&
	fetch 1 /rusak.pdf && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'a changed one, one without a signature, a damaged one' out.txt err.txt
fetch 0 /tanpa-jenis --revocation none -o kept.pdf && cmp -s kept.pdf signed.pdf && grep -q 'Saved as: *kept.pdf' out.txt
ok $? 'a document is one by what it is, and kept with -o' out.txt err.txt
fetch 2 /surat.pdf --revocation none -o kept.pdf && grep -q 'already exists' err.txt && cmp -s kept.pdf signed.pdf
ok $? 'an existing file is not replaced' out.txt err.txt
: >requests.txt
qr 2 --fetch -o two.pdf --text "$at/surat.pdf" --text "$at/surat.pdf" && [ ! -s requests.txt ] && [ ! -e two.pdf ]
ok $? 'two addresses for one -o are refused before anybody is asked' out.txt err.txt

fetch 1 /laman --json && json 'fetched.kind fetched.links.0.url fetched.links.0.text fetched.links.1.url' \
	"page $at/unduh/surat.pdf?a=1&b=2 Unduh surat http://jahat.example/lain.pdf" && json 'fetched.links.2' - && [ "$(cat requests.txt)" = "$at/laman" ]
ok $? 'a page is said to be one, and its links to documents are told, not followed' out.txt err.txt requests.txt
fetch 1 /laman && grep -q "Link to a PDF: *$at/unduh/surat.pdf?a=1&b=2" out.txt && grep -q 'a page of the web' out.txt
ok $? 'the same for people' out.txt err.txt
fetch 1 /palsu.pdf --json && json fetched.kind page && fetch 1 /arsip --json && json 'fetched.kind fetched.type' 'other application/zip'
ok $? 'a page that calls itself a document, and a file that is neither' out.txt err.txt
fetch 1 /teks && grep -q '^  Dokumen SAH$' out.txt && grep -q '<U+202E>HAS' out.txt
ok $? 'text is shown, and made harmless' out.txt err.txt
fetch 4 /hilang && grep -q 'HTTP 404' err.txt && fetch 4 /tolak --json && json 'fetched.error.code fetched.kind' 'refused -'
ok $? 'a host that refuses' out.txt err.txt

fetch 0 /pindah --revocation none && fetch 0 /relatif --revocation none && fetch 0 /jauh --json --revocation none && json 'fetched.host' unduh.lain.example
ok $? 'redirects are followed, and who answered is told' out.txt err.txt
for where in dalam dalam-nama dalam-v6 dalam-angka jaringan awan port nama berkas; do
	fetch 4 /$where --json && json 'fetched.error.code fetched.kind' 'address-blocked -' && [ "$(cat requests.txt)" = "$at/$where" ] && [ "$(wc -l <err.txt)" -eq 1 ]
	ok $? "a redirect to /$where is not followed" out.txt err.txt requests.txt
done
fetch 4 /putar --json && json fetched.error.code limit-exceeded && [ "$(wc -l <requests.txt)" -eq 4 ]
ok $? 'redirects end' out.txt err.txt requests.txt
for where in besar besar-diam; do
	fetch 4 /$where --json && json fetched.error.code limit-exceeded
	ok $? "what is too large is refused: /$where" out.txt err.txt
done
for where in http://127.0.0.1/ http://localhost/ 'http://[::1]/' http://10.1.2.3/ http://192.168.0.1/ http://intranet/; do
	qr 4 --fetch --json --text "$where" && json fetched.error.code address-blocked && ! grep -q "$where" requests.txt
	ok $? "an address of this machine or a private network is not asked: $where" out.txt err.txt
done
kill $server && wait $server 2>/dev/null
trap - EXIT
fetch 4 /surat.pdf --json && json fetched.error.code network
ok $? 'nobody there' out.txt err.txt

# ---- a real one ----

regulation=${CORPUS:-$TOP/../shared/corpus}/indonesia/bapeten_Perba_4_2024.pdf
if [ -r "$regulation" ]; then
	qr 0 --json --page 26 "$regulation" && json 'page host url warnings' '26 peraturan.go.id http://peraturan.go.id/pengundangan ["NOT_HTTPS"]'
	ok $? 'the code on a real regulation leads to a page of the gazette' out.txt err.txt
else
	skip 'the code on a real regulation leads to a page of the gazette' 'the collection is not here'
fi
plan
