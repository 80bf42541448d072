#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# File names that want to deceive a terminal, or that are no text at all.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" "$TMP/names" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk

# Control bytes, C1, and what reorders text: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. Newlines end lines.
harmful='[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'

harmless() {
	! LC_ALL=C tr -d '\n' <"$1" | LC_ALL=C grep -qP "$harmful"
}

utf8() {
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1
}

# hostile TEXT NAME URI: the name in printf's notation, and how its end is written in a URI.
hostile() {
	# shellcheck disable=SC2059
	name=$(printf "$2.") && name=names/${name%.}
	cp "$TOP/contrib/letter.pdf" "$name.pdf"
	"$BESIGN" verify "$name.pdf" >out.txt 2>err.txt
	[ $? -eq 3 ] && [ "$(wc -l <out.txt)" -eq 3 ] && [ "$(head -n 1 out.txt)" = 'NO SIGNATURE' ] && harmless out.txt &&
		utf8 out.txt && [ ! -s err.txt ]
	ok $? "$1: verify stays harmless, and its verdict stands first" out.txt err.txt
	"$BESIGN" verify "$name.gone" >out.txt 2>err.txt
	[ $? -eq 2 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && harmless err.txt && utf8 err.txt
	ok $? "$1: so does a refusal, in one line" out.txt err.txt
	"$BESIGN" verify --json "$name.pdf" >out.txt 2>err.txt
	[ "$(wc -l <out.txt)" -eq 1 ] && harmless out.txt && utf8 out.txt && grep -qF "/names/$3.pdf\"" out.txt
	ok $? "$1: --json has the exact name in file_uri" out.txt err.txt
	echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 "$name.pdf" >out.txt 2>err.txt &&
		[ -f "${name}_signed.pdf" ] && [ "$(wc -l <out.txt)" -eq 1 ] && harmless out.txt && utf8 out.txt
	ok $? "$1: signing works and stays harmless" out.txt err.txt
	echo latihan | "$BESIGN" sign --force --json --p12 sample.p12 --passphrase-fd 0 "$name.pdf" >out.txt 2>err.txt
	[ "$(wc -l <out.txt)" -eq 1 ] && harmless out.txt && utf8 out.txt && grep -qF "/names/$3_signed.pdf\"" out.txt
	ok $? "$1: and so does its --json" out.txt err.txt
}

hostile 'a newline' 'a\nVALID' 'a%0AVALID'
hostile 'an escape sequence' 'b\033[2J\033]0;c\007' 'b%1B%5B2J%1B%5D0%3Bc%07'
hostile 'a right-to-left override' 'c\342\200\256fdp' 'c%E2%80%AEfdp'
hostile 'a C1 control' 'd\302\2332J' 'd%C2%9B2J'
hostile 'what is no UTF-8' 'e\377\376' 'e%FF%FE'
hostile 'quotes and backslashes' 'f"\\g' 'f%22%5Cg'

# The same in other places that a stranger may fill.
"$BESIGN" "$(printf 'x\033[2J\n')" >out.txt 2>err.txt
[ $? -eq 2 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && harmless err.txt
ok $? 'an unknown command is named harmlessly' out.txt err.txt
"$BESIGN" verify "$(printf -- '--x\033[2J\n')" >out.txt 2>err.txt
[ $? -eq 2 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ] && harmless err.txt
ok $? 'so is an unknown option' out.txt err.txt
echo latihan | "$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 --force \
	--reason "$(printf 'ok\033[2J\nVALID \342\200\256')" -o reason.pdf "$TOP/contrib/letter.pdf" >out.txt 2>err.txt &&
	"$BESIGN" verify --no-default-trust --trust trust --revocation none reason.pdf >out.txt 2>err.txt &&
	harmless out.txt && [ "$(grep -c '^VALID' out.txt)" -eq 1 ]
ok $? 'a reason in a document cannot pass for a verdict' out.txt err.txt
TERM=$(printf 'x\033[2J') LANG=$(printf 'y\033[2J') LC_ALL='' "$BESIGN" doctor >out.txt 2>err.txt
harmless out.txt
ok $? 'doctor shows the environment harmlessly' out.txt err.txt

plan
