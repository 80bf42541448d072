#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Visible signatures: other programs draw them where they were put, and accept them. First with an appearance that is ready, then with those that
# besign draws itself.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
for tool in python3 pdftoppm pdfsig mutool qpdf; do
	has $tool || skip_all 'visible signatures' "$tool is not installed"
done
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk
visible=$TOP/tests/flow/visible.py

verify() {
	"$BESIGN" verify --no-default-trust --trust trust --revocation none --json "$@" >out.txt 2>err.txt
}

# draw FILE PAGE: FILE.ppm by poppler, FILE.mu.ppm by mupdf, a pixel a point.
draw() {
	pdftoppm -q -r 72 -cropbox -f "$2" -l "$2" -singlefile "$1.pdf" "$1" && mutool draw -q -r 72 -o "$1.mu.ppm" "$1.pdf" "$2" 2>/dev/null
}

# accepted FILE: by everybody
accepted() {
	pdfsig -nocert "$1.pdf" >pdfsig.txt 2>&1 && grep -q 'Total document signed' pdfsig.txt && ! grep 'Signature Validation' pdfsig.txt | grep -qv 'is Valid' &&
		qpdf --check "$1.pdf" >qpdf.txt 2>&1 && mutool sign -v "$1.pdf" >mutool.txt 2>&1 && grep -q 'unchanged since signing' mutool.txt &&
		verify "$1.pdf"
}

# ---- an appearance that is ready ----

python3 "$visible" make . >cases.txt
while read -r name page x y w h unit; do
	place="$page $x $y $w $h"
	[ "$page" != 0 ] || { place=Tanda && page=1; }
	# shellcheck disable=SC2086 # several words
	"$BUILD/tests/make/sign_ready" sample.p12 latihan "$TOP/tests/flow/stamp.pdf" "$name.pdf" "signed-$name.pdf" $place >out.txt 2>err.txt &&
		draw "$name" "$page" && draw "signed-$name" "$page" &&
		python3 "$visible" look "$name.ppm" "signed-$name.ppm" "$x" "$y" "$w" "$h" "$(python3 -c "print(1 / $unit)")" >out.txt
	ok $? "$name: poppler draws it there, upright, and nothing else" out.txt err.txt
	if [ "$place" != Tanda ]; then # mupdf draws an empty field in its own way
		python3 "$visible" look "$name.mu.ppm" "signed-$name.mu.ppm" "$x" "$y" "$w" "$h" >out.txt
		ok $? "$name: mupdf too" out.txt
	fi
	accepted "signed-$name"
	ok $? "$name: accepted by pdfsig, qpdf, mutool and besign" out.txt err.txt pdfsig.txt qpdf.txt mutool.txt
done <cases.txt

for name in turned90 indirect packed hybrid; do
	"$BUILD/tests/make/sign_ready" sample.p12 latihan "$TOP/tests/flow/stamp.pdf" signed-$name.pdf twice-$name.pdf -1 200 200 80 30 >out.txt 2>err.txt
	"$BUILD/tests/make/sign_ready" sample.p12 latihan "$TOP/tests/flow/stamp.pdf" twice-$name.pdf thrice-$name.pdf 1 5 5 80 30 >>out.txt 2>>err.txt
	verify thrice-$name.pdf && [ "$(grep -o '"result":"TOTAL-PASSED"' out.txt | wc -l)" -eq 4 ] && [ "$(grep -o '"modification":"form"' out.txt | wc -l)" -eq 2 ]
	ok $? "$name: a second and a third visible signature leave the earlier ones valid" out.txt err.txt
	qpdf --check thrice-$name.pdf >out.txt 2>&1 && [ "$(pdfsig -nocert thrice-$name.pdf 2>/dev/null | grep -c 'Signature is Valid')" -eq 3 ]
	ok $? "$name: other programs say so too" out.txt err.txt
done

# ---- what besign draws ----

cp "$TOP/contrib/letter.pdf" a.pdf
sign() {
	echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 --force "$@" >out.txt 2>err.txt
}

sign --visible --page 1 --rect 40,500,200,60 -o probe.pdf a.pdf
if grep -q 'Landlock\|besign-render' err.txt; then
	skip 'what besign draws itself' "$(cat err.txt)"
	plan
fi

# red FILE X Y W H: all of it is the picture
red() {
	draw "$1" 1 && python3 "$visible" colour "$1.ppm" "$2" "$3" "$4" "$5" 255 0 0 98 >>out.txt
}
python3 "$visible" picture red.png 40 20
draw a 1
paper=$(wc -c <a.ppm)

sign --visible --page first --rect 100,600,100,100 --image red.png -o image.pdf a.pdf && accepted image && red image 103 628 94 44
ok $? 'a picture is drawn in its place' out.txt err.txt
! python3 "$visible" colour image.ppm 100 600 100 20 255 0 0 1 >out.txt && [ "$(wc -c <image.ppm)" -eq "$paper" ]
ok $? 'and keeps its proportion' out.txt
sign --visible --page last --rect 300,600,200,60 --text 'Oleh {name}' --text 'Alasan: {reason}' --text '{location}, {time}' --text '{{Nomor} 7' --reason Setuju \
	--location 'Kota Contoh' -o text.pdf a.pdf && accepted text && mutool draw -q -F txt text.pdf >text.txt 2>/dev/null && grep -q 'Oleh Penanda Tangan Latihan' text.txt &&
	grep -q 'Alasan: Setuju' text.txt && grep -qE 'Kota Contoh, 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8} [+-][0-9]{2}:[0-9]{2}' text.txt && grep -q '{Nomor} 7' text.txt
ok $? 'lines of text have their words filled in' out.txt err.txt text.txt
sign --visible --page last --rect 300,600,200,60 --text 'Alasan: {reason}' --text Tetap -o text.pdf a.pdf && mutool draw -q -F txt text.pdf >text.txt 2>/dev/null &&
	grep -q Tetap text.txt && ! grep -q Alasan text.txt
ok $? 'a line whose words are empty is left out' out.txt err.txt text.txt
sign --visible --page 1 --rect 300,600,200,60 -o lines.pdf a.pdf && accepted lines && mutool draw -q -F txt lines.pdf >text.txt 2>/dev/null &&
	grep -q 'Penanda Tangan Latihan' text.txt && ! grep -q 'Reason' text.txt
ok $? 'with nothing said it shows who signed and when' out.txt err.txt text.txt
[ $(($(wc -c <lines.pdf) - $(wc -c <a.pdf))) -lt 11000 ]
ok $? 'lines of text and the signature add less than 11 KB' out.txt
sign --visible --page 1 --rect 300,600,60,60 --qr https://contoh.example.invalid/7 -o qr.pdf a.pdf && accepted qr && draw qr 1 &&
	python3 "$visible" colour qr.ppm 300 600 60 60 0 0 0 12 >out.txt && ! python3 "$visible" colour qr.ppm 300 600 60 60 0 0 0 60 >out.txt
ok $? 'a QR code is drawn' out.txt err.txt
sign --visible --anchor 'rp 1.250' --size 60,30 --image red.png -o anchor.pdf a.pdf && accepted anchor && draw anchor 1
ok $? 'an anchor is found, whatever its letters' out.txt err.txt
# The line that begins with the anchor stands where the picture's corner is now.
python3 - <<'END' >out.txt
import subprocess, re
text = subprocess.run(['pdftotext', '-bbox', 'a.pdf', '-'], capture_output=True, text=True).stdout
x, y = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>Rp<', text).groups()
print(round(float(x)), round(float(y)))
END
read -r x y <out.txt
python3 "$visible" colour anchor.ppm $((x + 3)) $((y + 3)) 54 24 255 0 0 98 >out.txt
ok $? 'and the signature stands there' out.txt
sign --visible --field Tanda --image red.png -o field.pdf field-packed.pdf && accepted field && red field 43 303 94 44
ok $? 'a field is filled by what is drawn for its size' out.txt err.txt

# ---- several, and what goes wrong ----

sign --visible --page 2 --rect 10,10,100,50 --text Sama --json --out many small.pdf a.pdf second.pdf
[ $? -eq 1 ] && [ "$(ls many)" = "$(printf 'second.pdf\nsmall.pdf')" ] && sed -n 2p out.txt | grep -q '"code":"no-such-page"'
ok $? 'a document without that page is told, and the others are signed' out.txt err.txt
sign --visible --page 1 --rect 200,10,200,50 --text Sama --json --out wide turned0.pdf a.pdf
[ $? -eq 1 ] && [ "$(ls wide)" = a.pdf ] && sed -n 1p out.txt | grep -q '"code":"outside-page"'
ok $? 'so is one whose page is too small for it' out.txt err.txt
sign --visible --anchor Bendahara --json --out found small.pdf a.pdf
[ $? -eq 1 ] && [ "$(ls found)" = a.pdf ] && sed -n 1p out.txt | grep -q '"code":"not-found"'
ok $? 'and one where the anchor stands nowhere' out.txt err.txt
sign --visible --anchor Nirwana --out none a.pdf
[ $? -eq 1 ] && [ "$(wc -l <err.txt)" -eq 1 ] && [ -z "$(ls none 2>/dev/null)" ]
ok $? 'where it stands in none of them, none is signed' out.txt err.txt
sign --visible --page 1 --rect 10,10,200,50 --text "$(printf 'a\360\220\200\200\363\240\201\201')" -o glyph.pdf a.pdf
[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'U+' err.txt && [ ! -e glyph.pdf ]
ok $? 'a character that cannot be drawn is refused by name' out.txt err.txt
sign --visible --page 1 --rect 10,10,200,50 --image a.pdf -o bad.pdf a.pdf
[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] && [ ! -e bad.pdf ]
ok $? 'a picture that is none is refused' out.txt err.txt
plan
