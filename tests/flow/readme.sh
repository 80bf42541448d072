#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# README.md and its Indonesian twin show what the program shows: the sample of `besign verify`, with what differs from run to run as "…", and every
# command they name. The twin keeps in step: as many headings, points and rows, the same commands, names and numbers.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/letter_signed.pdf walk/*/trust . && rm -r walk

english=$TOP/README.md
indonesian=$TOP/i18n/README.id.md

# shows LANGUAGE FILE
shows() {
	"$BESIGN" --lang "$1" verify --no-default-trust --trust trust --revocation none letter_signed.pdf 2>err.txt |
		sed -E 's/[0-9a-f]{64}/…/; s/[0-9]{4}-[0-9-]+T[0-9:]+Z/…/' >now.txt
	sed -n '/^<!-- besign verify -->$/,/^<!-- end -->$/p' "$2" | grep -v '^<!--\|^```' >shown.txt
	[ -s now.txt ] && cmp -s now.txt shown.txt
	ok $? "$1: the sample of besign verify is what it says today" now.txt err.txt
}
shows en "$english"
shows id "$indonesian"

# screens LANGUAGE FILE: the pictures of screens are those of tests/screens, with one blank line for several.
screens() {
	grep '^<!-- screen ' "$2" | while read -r _ _ pose size _; do
		awk -v size="=== $size, UTF-8, colours" 'index($0, "===") == 1 { on = index($0, size) == 1; next }
			/^--- styles$/ { on = 0 } on' "$TOP/tests/screens/$pose.$1.txt" | cat -s >now.txt
		awk -v from="<!-- screen $pose $size -->" '$0 == from { on = 1; next } /^<!-- end -->$/ { on = 0 }
			on && !/^```/' "$2" >shown.txt
		[ -s now.txt ] && cmp -s now.txt shown.txt || echo "$pose $size"
	done >differ.txt
	[ "$(grep -c '^<!-- screen ' "$2")" -ge 4 ] && [ ! -s differ.txt ]
	ok $? "$1: the screens in it are those that the tests have seen" differ.txt
}
screens en "$english"
screens id "$indonesian"

"$BESIGN" help >help.txt 2>&1
missing=$(sed -n 's/^besign \([a-z]*\) .*/\1/p' "$english" | sort -u | while read -r command; do
	grep -q "^  besign $command " help.txt || echo "$command"
done)
[ -z "$missing" ]
ok $? 'every command it names is there' help.txt

# ---- the twin ----

# outline FILE: what has to be the same in both: the kinds of lines in their order, blocks of code but the sample letter
# for letter, the columns of the table behind the first.
outline() {
	awk '
	/^<!-- besign verify -->$/ || /^<!-- screen / { sample = 1 }
	/^<!-- end -->$/ { sample = 0 }
	/^```/ { code = !code; print; next }
	code && !sample { print; next }
	sample { next }
	/^#+ / { print $1; next }
	/^- / { print "-"; next }
	/^\|/ { split($0, c, "|"); print "|" (++rows > 1 ? c[3] "|" c[4] "|" c[5] : ""); next }
	' "$1"
}

# words FILE: everything between backquotes outside blocks of code, sorted.
words() {
	awk '/^```/ { code = !code; next } !code' "$1" | grep -o '`[^`]*`' | sort
}
for what in outline words; do
	$what "$english" >english.txt
	$what "$indonesian" >indonesian.txt
	diff english.txt indonesian.txt >differences.txt && [ "$(wc -l <english.txt)" -gt 25 ]
	ok $? "the Indonesian README keeps in step: $what" differences.txt
done
plan
