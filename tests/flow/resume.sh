#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A batch that is interrupted, by a kill or a lost line at one call after another, is finished by "sign --resume": every
# document is signed exactly once, and the journal has each exactly once.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk
echo latihan >passphrase
mkdir in
for n in 1 2 3 4; do cp "$TOP/contrib/letter.pdf" in/$n.pdf; done
state=$TMP/.local/state/besign

fresh() {
	rm -rf out "$state"
}

sign() {
	"$BESIGN" sign --p12 sample.p12 --passphrase-fd 3 "$@" 3<passphrase >out.txt 2>err.txt
}

resume() {
	"$BESIGN" sign --resume --passphrase-fd 3 "$@" 3<passphrase >out.txt 2>err.txt
}

# The library behind LD_PRELOAD: calls seen so far, the one at which it happens, and what (tests/preload/iofault.h).
count=0 kill=1 tear=2 hangup=4

faulty() { # WHAT CALL ARGUMENT...
	# shellcheck disable=SC2059 # octal digits are made here
	printf "$(printf '\\0\\0\\0\\0\\0\\0\\0\\0\\%03o\\%03o\\0\\0\\0\\0\\0\\0\\%03o\\0\\0\\0\\0\\0\\0\\0' \
		$(($2 % 256)) $(($2 / 256)) "$1")" >fault
	shift 2
	ASAN_OPTIONS=verify_asan_link_order=0 IOFAULT=$TMP/fault LD_PRELOAD=$BUILD/tests/iofault.so \
		"$BESIGN" sign --p12 sample.p12 --passphrase-fd 3 --jobs 1 "$@" 3<passphrase >out.txt 2>err.txt
}

seen() {
	od -An -td8 -N8 fault | tr -d ' '
}

# Each of the four is there, has one signature, and stands once in the journal, with the digest that it has.
once() {
	[ "$(ls out)" = "$(printf '1.pdf\n2.pdf\n3.pdf\n4.pdf')" ] || return 1
	"$BESIGN" verify --no-default-trust --trust trust --revocation none --json out/*.pdf >verified.txt || return 1
	[ "$(grep -o '"field":' verified.txt | wc -l)" -eq 4 ] || return 1
	[ "$(grep -c '"result":"TOTAL-PASSED".*"signatures"' verified.txt)" -eq 4 ] || return 1
	"$BESIGN" journal --json >journal.txt || return 1
	[ "$(grep -c '"result":"signed"' journal.txt)" -eq 4 ] || return 1
	for name in 1 2 3 4; do
		grep -F "\"output\":\"$TMP/out/$name.pdf\"" journal.txt |
			grep -qF "\"sha256\":\"$(sha256sum <out/$name.pdf | cut -d ' ' -f 1)\"" || return 1
	done
	[ -z "$(ls -A "$state/batches")" ]
}

# ---- an end without any interruption ----

fresh
faulty $count 0 --out out in/*.pdf
[ $? -eq 0 ] && once
ok $? 'a batch that ends leaves nothing behind' out.txt err.txt
calls=$(seen)
[ "$(stat -c %a "$state/journal")" = 600 ] && [ "$(stat -c %a "$state/batches")" = 700 ]
ok $? 'what is written down is for the person alone'
resume
[ $? -eq 2 ] && grep -q 'There is no interrupted batch\|Tidak ada' err.txt
ok $? 'then there is nothing to go on with' out.txt err.txt

# ---- killed at one call after another ----

rounds=0 resumed=0 wrong=
every_round() { # WHAT STEP FIRST
	at=$3
	while [ "$at" -le "$calls" ]; do
		fresh
		faulty "$1" "$at" --out out in/*.pdf
		status=$?
		rounds=$((rounds + 1))
		if [ -n "$(ls -A "$state/batches" 2>/dev/null)" ]; then
			chmod -R go= "$state"
			resumed=$((resumed + 1))
			resume || [ "$1" = $count ] || wrong="$wrong $1:$at(resume)"
		elif [ ! -d out ] || [ -z "$(ls out)" ]; then
			sign --out out in/*.pdf
		fi
		once || wrong="$wrong $1:$at($status)"
		at=$((at + $2))
	done
}

# What is no write is the same for both.
every_round $kill 2 1
every_round $tear 2 2
echo "# $calls calls; $rounds times killed, $resumed times a batch was left"
[ -z "$wrong" ] || echo "# wrong:$wrong"
[ -z "$wrong" ] && [ $resumed -gt 5 ]
ok $? 'killed wherever it may be, each document is signed exactly once'

rounds=0 resumed=0 wrong=
every_round $hangup 7 3
[ -z "$wrong" ] || echo "# wrong:$wrong"
[ -z "$wrong" ] && [ $resumed -gt 0 ]
ok $? 'and so after a lost line'

# ---- what is said of one ----

half() { # leaves a batch of which two are signed
	fresh
	at=$((calls / 2))
	faulty $hangup $at --out out --reason 'Persetujuan "A"' --location Jakarta in/*.pdf
	hung=$?
}

half
[ $hung -eq 130 ] && grep -q -e '--resume' err.txt && [ "$(find out -name '*.pdf' | wc -l)" -gt 0 ] &&
	[ "$(find out -name '*.pdf' | wc -l)" -lt 4 ] && [ -z "$(find out -name '.*' -type f)" ]
ok $? 'a lost line ends it at a safe point, and says how to go on' out.txt err.txt
! grep -rq latihan "$state"
ok $? 'the passphrase is nowhere in what is written down'
ls out >before.txt
echo salah | "$BESIGN" sign --resume --passphrase-fd 0 >out.txt 2>err.txt
[ $? -eq 5 ] && ls out | cmp -s - before.txt && [ -n "$(ls "$state/batches")" ]
ok $? 'a wrong passphrase changes nothing, and the batch can be gone on with' out.txt err.txt
resume --json
[ $? -eq 0 ] && once && [ "$(wc -l <out.txt)" -eq $((4 - $(wc -l <before.txt))) ]
ok $? 'with the right one the rest is signed' out.txt err.txt
[ "$("$BESIGN" verify --no-default-trust --trust trust --revocation none --json out/*.pdf | grep -c '"reason":"Persetujuan \\"A\\"","location":"Jakarta"')" -eq 4 ]
ok $? 'and says what the others say'

half
left=$(for n in 1 2 3 4; do [ -e out/$n.pdf ] || echo $n; done | head -n 1)
echo '% longer' >>in/"$left".pdf
resume
[ $? -eq 1 ] && grep -q "in/$left.pdf" err.txt && [ ! -e out/"$left".pdf ] && [ "$(find out -name '*.pdf' | wc -l)" -eq 3 ] &&
	[ -z "$(ls -A "$state/batches")" ]
ok $? 'a document that has changed meanwhile is refused by its name, and the others are signed' out.txt err.txt
cp "$TOP/contrib/letter.pdf" in/"$left".pdf

# What a service was asked for and did not answer is written down as unknown.
half
left=$(for n in 1 2 3 4; do [ -e out/$n.pdf ] || echo $n; done | head -n 1)
echo "unknown = $((left - 1))" >>"$(echo "$state"/batches/*)"
resume
[ $? -eq 6 ] && [ ! -e out/"$left".pdf ] && [ "$(find out -name '*.pdf' | wc -l)" -eq 3 ] && grep -q -e '--resume' err.txt
ok $? 'an unknown outcome is not tried again by itself, and is status 6' out.txt err.txt
resume
[ $? -eq 6 ] && grep -q -e '--retry-unknown' err.txt && [ ! -e out/"$left".pdf ]
ok $? 'also when nothing else is left' out.txt err.txt
resume --retry-unknown
[ $? -eq 0 ] && once
ok $? 'and it is signed when that is asked for' out.txt err.txt

half
mv sample.p12 kept.p12 && "$BESIGN" sign --resume --passphrase-fd 3 3<passphrase >out.txt 2>err.txt
[ $? -eq 2 ] && grep -q 'sample.p12' err.txt && [ -n "$(ls "$state/batches")" ]
ok $? 'a key file that is gone is named' out.txt err.txt
mv kept.p12 sample.p12
resume in/1.pdf
[ $? -eq 2 ]
ok $? '--resume takes no documents' out.txt err.txt
"$BESIGN" sign --forget --p12 sample.p12 in/1.pdf >out.txt 2>err.txt
[ $? -eq 2 ]
ok $? '--forget goes with --resume only' out.txt err.txt
sign --out other in/1.pdf in/2.pdf
[ $? -eq 0 ] && [ "$(ls "$state/batches" | wc -l)" -eq 1 ]
ok $? 'another batch leaves the record of the first alone' out.txt err.txt
"$BESIGN" sign --resume --forget >out.txt 2>err.txt
[ $? -eq 0 ] && [ -z "$(ls -A "$state/batches")" ] && [ "$(find out -name '*.pdf' | wc -l)" -lt 4 ]
ok $? 'a batch can be forgotten, and what was signed stays' out.txt err.txt

# ---- what cannot be written down ----

fresh
mkdir -p "$TMP/.local" && rm -rf "$TMP/.local/state" && : >"$TMP/.local/state"
sign --out out in/*.pdf
[ $? -eq 0 ] && [ "$(find out -name '*.pdf' | wc -l)" -eq 4 ] && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'where nothing can be written down it is said once, and all is signed' out.txt err.txt
rm -f "$TMP/.local/state"

# ---- the journal ----

fresh
sign --out out in/1.pdf in/2.pdf
printf '%%PDF-1.7\nthis is none\n' >bad.pdf
sign --out out bad.pdf
printf '{"time":"2026' >>"$state/journal"
"$BESIGN" journal >out.txt 2>err.txt
[ $? -eq 0 ] && [ "$(grep -c '^20' out.txt)" -eq 3 ] && [ "$(wc -l <err.txt)" -eq 1 ] && grep -q 'damaged' out.txt
ok $? 'a line that is not whole is said, and the others are shown' out.txt err.txt
sign --out out in/3.pdf
"$BESIGN" journal --json --limit 1 >out.txt 2>err.txt
[ "$(wc -l <out.txt)" -eq 1 ] && grep -qF "\"file\":\"$TMP/in/3.pdf\"" out.txt && grep -q '"file_uri":"file://' out.txt
ok $? 'the next one stands behind it, and is the newest' out.txt err.txt
odd=$(printf 'jahat\033[31m\342\200\256fdp\377.pdf')
cp "$TOP/contrib/letter.pdf" "in/$odd"
sign --out out "in/$odd"
"$BESIGN" journal --limit 1 >out.txt 2>/dev/null
grep -q 'x1b\[31m<U+202E>fdp' out.txt && [ "$(tr -d '\n\040-\176' <out.txt | LC_ALL=C sed 's/\xef\xbf\xbd//g' | wc -c)" -eq 0 ]
ok $? 'a name that could deceive a terminal is made harmless' out.txt
"$BESIGN" journal --json --file "$odd" >out.txt 2>/dev/null
[ "$(wc -l <out.txt)" -eq 1 ] && grep -qF 'jahat%1B%5B31m%E2%80%AEfdp%FF.pdf' out.txt
ok $? 'and stands exactly in its URI' out.txt
rm "in/$odd"
"$BESIGN" journal --json --file 2.pdf >out.txt 2>/dev/null
[ "$(wc -l <out.txt)" -eq 1 ] && "$BESIGN" journal --json --file out/2.pdf 2>/dev/null | cmp -s - out.txt
ok $? 'one is found by its name or path' out.txt
"$BESIGN" journal --json --since 2999-01-01 >out.txt 2>/dev/null
[ $? -eq 0 ] && [ ! -s out.txt ] && [ "$("$BESIGN" journal --json --since 2000-01-01T00:00:00Z 2>/dev/null | wc -l)" -eq 5 ]
ok $? 'and by its time' out.txt
"$BESIGN" journal --since yesterday >out.txt 2>err.txt
[ $? -eq 2 ] && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'what is no time is refused' out.txt err.txt
"$BESIGN" trust add trust/*.pem >/dev/null && mkdir -p "$TMP/.config/besign" && echo 'revocation = none' >"$TMP/.config/besign/config"
"$BESIGN" journal --json --verify --file 1.pdf >out.txt 2>/dev/null
[ $? -eq 0 ] && grep -q '"now":{"file":"same","result":"TOTAL-PASSED"}' out.txt
ok $? '--verify says that a document is as it was signed, and valid' out.txt
echo >>out/1.pdf
"$BESIGN" journal --json --verify --file 1.pdf >out.txt 2>/dev/null
[ $? -eq 1 ] && grep -q '"now":{"file":"changed"' out.txt
ok $? 'and when it is not' out.txt
rm out/1.pdf
"$BESIGN" journal --json --verify --file 1.pdf >out.txt 2>/dev/null
[ $? -eq 1 ] && grep -q '"now":{"file":"missing","result":null}' out.txt
ok $? 'and when it is gone' out.txt
plan
