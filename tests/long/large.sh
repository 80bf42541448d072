#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A document of more than 4 GB (most of it a hole in the file): signed, verified, and caught when it is changed behind the fourth gigabyte.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 16000000 ] || skip_all 'a document of more than 4 GB' 'there are less than 16 GB free here'
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk
echo latihan >passphrase

# object NUMBER TEXT: at the end of the file, its place noted.
object() {
	eval "at$1=$(stat -c %s big.pdf)"
	printf '%s 0 obj\n%s\nendobj\n' "$1" "$2" >>big.pdf
}
size=4400000000
printf '%%PDF-1.7\n' >big.pdf
at1=$(stat -c %s big.pdf)
printf '1 0 obj\n<</Length %s>>\nstream\n' $size >>big.pdf
truncate -s "$(($(stat -c %s big.pdf) + size))" big.pdf
printf '\nendstream\nendobj\n' >>big.pdf
object 2 '<</Type/Catalog/Pages 3 0 R>>'
object 3 '<</Type/Pages/Kids[4 0 R]/Count 1>>'
object 4 '<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]>>'
start=$(stat -c %s big.pdf)
# shellcheck disable=SC2154 # object sets them
{
	printf 'xref\n0 5\n0000000000 65535 f \n'
	for at in $at1 $at2 $at3 $at4; do printf '%010d 00000 n \n' "$at"; done
	printf 'trailer\n<</Size 5/Root 2 0 R>>\nstartxref\n%s\n%%%%EOF\n' "$start"
} >>big.pdf

"$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 -o signed.pdf big.pdf <passphrase >out.txt 2>err.txt
ok $? 'it is signed' out.txt err.txt
"$BESIGN" verify --json --no-default-trust --trust trust --revocation none signed.pdf >out.txt 2>err.txt
[ $? -eq 0 ] && grep -q '"coverage":"whole-file","byte_range":\[0,44000[0-9]*,44000[0-9]*,[0-9]*\]' out.txt
ok $? 'it is valid, and the byte range reaches beyond 4 GB' out.txt err.txt
printf X | dd of=signed.pdf bs=1 seek=4300000000 conv=notrunc 2>/dev/null
"$BESIGN" verify --json --no-default-trust --trust trust --revocation none signed.pdf >out.txt 2>err.txt
[ $? -eq 1 ] && grep -q HASH_FAILURE out.txt
ok $? 'one byte changed beyond 4 GB is found' out.txt err.txt
plan
