#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# README.md shows what the program shows: the sample of `besign verify`, with what differs from run to run as "…", and every command it names.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/letter_signed.pdf walk/*/trust . && rm -r walk

"$BESIGN" verify --no-default-trust --trust trust --revocation none letter_signed.pdf 2>err.txt |
	sed -E 's/[0-9a-f]{64}/…/; s/[0-9]{4}-[0-9-]+T[0-9:]+Z/…/' >now.txt
sed -n '/^<!-- besign verify -->$/,/^<!-- end -->$/p' "$TOP/README.md" | grep -v '^<!--\|^```' >shown.txt
[ -s now.txt ] && cmp -s now.txt shown.txt
ok $? 'the sample of besign verify is what it says today' now.txt err.txt

"$BESIGN" help >help.txt 2>&1
missing=$(sed -n '/^## Use/,/^## /s/^besign \([a-z]*\) .*/\1/p' "$TOP/README.md" | sort -u | while read -r command; do
	grep -q "^  besign $command " help.txt || echo "$command"
done)
[ -z "$missing" ]
ok $? 'every command it names is there' help.txt
plan
