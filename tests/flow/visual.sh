#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign visual: pictures are kept and chosen, and what is kept is what a visible signature shows.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
has python3 || skip_all 'the visualisation' 'python3 is not installed'
mkdir "$TMP/walk" && cd "$TMP" || exit 2
export XDG_DATA_HOME="$TMP/data" BESIGN_LANG=en
kept=data/besign/visual
picture=$TOP/tests/flow/visible.py

# says STATUS ARGUMENTS...
says() {
	status=$1
	shift
	"$BESIGN" visual "$@" >out.txt 2>err.txt
	[ $? -eq "$status" ]
}

says 0 list && grep -q '^Text: *name, time, reason and place$' out.txt && grep -q '^Size: *180 x 60 points$' out.txt && [ ! -e data ]
ok $? 'nothing is kept at first, and looking keeps nothing' out.txt err.txt
python3 "$picture" picture 'cap basah.png' 240 80 && python3 "$picture" picture kecil.png 40 20
says 0 add 'cap basah.png' && [ "$(cat out.txt)" = 'added: cap_basah.png' ] && cmp -s 'cap basah.png' $kept/cap_basah.png
ok $? 'a picture is copied under a plain name' out.txt err.txt
says 0 add 'cap basah.png' && [ "$(cat out.txt)" = 'added: cap_basah-2.png' ]
ok $? 'another one of that name gets a number' out.txt err.txt
says 0 add kecil.png && grep -q 'less than 100 pixels wide' out.txt
ok $? 'a tiny one is warned about' out.txt err.txt
says 2 add "$TOP/README.md" && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'PNG or JPEG' err.txt && says 2 add none.png && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'what is no picture, or not there, is one sentence' out.txt err.txt
[ "$(stat -c %a $kept)" = 700 ] && [ "$(stat -c %a $kept/* | sort -u)" = 600 ]
ok $? 'nobody else can read them' out.txt
says 0 use cap_basah.png && says 0 list && grep -q '^IN USE *cap_basah.png$' out.txt && [ "$(grep -c 'IN USE' out.txt)" -eq 1 ] && grep -q '240 x 80 pixels' out.txt
ok $? 'one of them is used' out.txt err.txt
says 2 use lain.png && says 2 use ../visual/cap_basah.png && says 2 remove ../../../kecil.png && [ -e kecil.png ] && says 2 remove look
ok $? 'names lead nowhere else' out.txt err.txt
says 0 remove cap_basah-2.png && says 2 remove cap_basah-2.png && [ "$(ls $kept)" = "$(printf 'cap_basah.png\nkecil.png\nlook')" ]
ok $? 'one is removed once' out.txt err.txt
says 0 text 'Oleh {name}' 'di {location}' && says 0 qr 'https://contoh.example.invalid/7' && says 0 size 200 80 && says 0 list &&
	grep -q '^Text: *"di {location}"$' out.txt && grep -q '^QR code: *"https://contoh.example.invalid/7"$' out.txt && grep -q '^Size: *200 x 80 points$' out.txt
ok $? 'text, QR code and size are kept' out.txt err.txt
says 2 text '{nama}' && says 2 size 5 60 && says 2 size 1e2 60 && says 2 text && says 2 lain && says 2 && says 0 list && grep -q 'di {location}' out.txt
ok $? 'what cannot be drawn is refused, and nothing is changed' out.txt err.txt

# ---- what is signed with it ----

TMPDIR=$TMP/walk "$BESIGN" walk --keep >said.txt 2>&1
ok $? 'a key is made for the next tests' said.txt
mv walk/*/sample.p12 . && rm -r walk
sign() {
	echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 --force --visible "$@" "$TOP/contrib/letter.pdf" >out.txt 2>err.txt
}
says 0 qr none
sign --page 1 --rect 50,500,500,80 --location Jakarta -o kept.pdf
if grep -q 'Landlock\|besign-render' err.txt; then
	skip 'the visualisation is what a signature shows' "$(cat err.txt)"
elif ! has pdftotext || ! has pdftoppm; then
	skip 'the visualisation is what a signature shows' 'poppler-utils is not installed'
else
	pdftotext kept.pdf text.txt && grep -q 'Oleh Penanda Tangan Latihan' text.txt && grep -q 'di Jakarta' text.txt
	ok $? 'a visible signature shows the lines that are kept' out.txt err.txt text.txt
	pdftoppm -q -r 72 -f 1 -l 1 -singlefile kept.pdf kept && python3 "$picture" colour kept.ppm 50 500 500 80 255 0 0 30 >out.txt
	ok $? 'and the picture' out.txt err.txt
	sign --page 1 --rect 100,500,200,80 --text 'Lain saja' -o other.pdf && pdftotext other.pdf text.txt && grep -q 'Lain saja' text.txt && ! grep -q 'Oleh' text.txt
	ok $? 'unless something else is said' out.txt err.txt text.txt
	echo 'line = {nama}' >>$kept/look
	sign --page 1 --rect 100,500,200,80 -o broken.pdf
	[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'line [0-9]* of ' err.txt && [ ! -e broken.pdf ]
	ok $? 'what is not understood is not shown' out.txt err.txt
	says 0 text default && says 0 use none && sign --page 1 --rect 100,500,200,80 -o mended.pdf
	ok $? 'and is mended by the next change' out.txt err.txt
fi
plan
