#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What besign-render draws and reads, with other people's programs as witnesses.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
cd "$TMP" || exit 2
say=$BUILD/tests/make/render_say
[ -e "$BUILD/besign-render" ] || skip_all 'a drawing' 'besign-render is not built'
for tool in pdffonts pdftotext pdftoppm pdfimages pdfinfo qpdf mutool; do
	has $tool || skip_all 'a drawing' "$tool is not installed"
done
"$say" stamp probe.pdf 100 30 - Uji >probe.txt || { grep -q '^sandbox' probe.txt && skip_all 'a drawing' 'no Landlock here'; }

# ---- text ----

"$say" stamp text.pdf 180 60 - 'Ditandatangani secara elektronik oleh' 'Budi Santoso, S.Kom.' '27 November 2026 23:31 WIB' >out.txt 2>&1
ok $? 'three lines are drawn' out.txt
[ "$(wc -c <text.pdf)" -lt 10240 ]
ok $? 'in less than ten kilobytes'
pdffonts text.pdf >fonts.txt && awk 'NR > 2 { n++; if ($(NF - 4) != "yes" || $(NF - 3) != "yes") bad = 1 } END { exit !n || bad }' fonts.txt
ok $? 'with an embedded subset of each font' fonts.txt
printf '%s\n' 'Ditandatangani secara elektronik oleh' 'Budi Santoso, S.Kom.' '27 November 2026 23:31 WIB' >expected.txt
pdftotext -layout text.pdf - | sed 's/^ *//; s/[ \f]*$//; /^$/d' >found.txt && cmp -s expected.txt found.txt
ok $? 'as text that can be found and copied' found.txt
qpdf --check text.pdf >check.txt 2>&1
ok $? 'qpdf has nothing to say about it' check.txt
mutool draw -q -o draw.png text.pdf 2>mutool.txt && ! grep -qv 'ICC support is not available' mutool.txt
ok $? 'nor has mutool' mutool.txt
pdfinfo text.pdf >info.txt && grep -q '^Pages: *1$' info.txt && grep -q '^Page size: *180 x 60 pts' info.txt
ok $? 'one page of exactly that size' info.txt

# ---- pictures ----

pdftoppm -jpeg -r 300 -singlefile text.pdf photo 2>err.txt && pdftoppm -png -r 300 -singlefile text.pdf photo 2>>err.txt
ok $? 'pictures are made for the next tests' err.txt
"$say" stamp jpeg.pdf 90 30 photo.jpg >out.txt 2>&1 && pdfimages -list jpeg.pdf >images.txt && awk 'NR == 3 { exit $9 != "jpeg" || $4 != 375 }' images.txt
ok $? 'a JPEG is stored as one, as large as it is seen' images.txt
"$say" stamp png.pdf 90 30 photo.png >out.txt 2>&1 && pdfimages -list png.pdf >images.txt && awk 'NR == 3 { exit $9 != "image" }' images.txt
ok $? 'a PNG is stored without loss' images.txt
qpdf --check jpeg.pdf >check.txt 2>&1 && qpdf --check png.pdf >>check.txt 2>&1
ok $? 'qpdf has nothing to say about them' check.txt
head -c 60 photo.jpg >cut.jpg
! "$say" stamp cut.pdf 90 30 cut.jpg >out.txt && grep -q '^malformed: ' out.txt && [ ! -e cut.pdf ]
ok $? 'a picture that is cut off is said to be damaged' out.txt

# ---- documents ----

"$say" text "$TOP/contrib/letter.pdf" 1 >lines.txt && cut -d ' ' -f 5- lines.txt | tr -s ' ' >ours.txt
pdftotext -layout "$TOP/contrib/letter.pdf" - | sed 's/^ *//; s/[ \f]*$//; /^$/d' | tr -s ' ' >theirs.txt
[ -s ours.txt ] && [ "$(tr -d ' \n' <ours.txt | fold -w1 | sort | uniq -c)" = "$(tr -d ' \n' <theirs.txt | fold -w1 | sort | uniq -c)" ]
ok $? 'the lines of a letter are those that pdftotext finds' ours.txt theirs.txt
qpdf --encrypt rahasia pemilik 256 -- "$TOP/contrib/letter.pdf" locked.pdf && qpdf --encrypt '' pemilik 256 -- "$TOP/contrib/letter.pdf" open.pdf
! "$say" text locked.pdf 1 >out.txt && grep -q '^encrypted: ' out.txt && "$say" text open.pdf 1 >opened.txt && cmp -s opened.txt lines.txt
ok $? 'a document with a password is said to have one, and one that only its owner has is read' out.txt opened.txt
head -c 900 "$TOP/contrib/letter.pdf" >cut.pdf
"$say" text cut.pdf 1 >out.txt
[ $? -le 1 ] && grep -qE '^(damaged|no-such-page): |^[0-9]' out.txt
ok $? 'a document that is cut off is read as far as it goes, or is said to be damaged' out.txt
plan
