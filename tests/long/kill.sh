#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kill -9 in the middle of a batch, many times: an output is there and valid, or it is not there; nothing else is left beside the documents.
# What was left is finished afterwards, and nothing is signed twice.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
mkdir "$TMP/walk" && cd "$TMP" || exit 2
TMPDIR=$TMP/walk "$BESIGN" walk --keep >said 2>&1 || { cat said && exit 1; }
mv walk/*/sample.p12 walk/*/trust . && rm -r walk
echo latihan >passphrase
mkdir in
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do cp "$TOP/contrib/letter.pdf" in/$n.pdf; done

whole=0 torn=0 litter=0 interrupted=0 resumed=0 twice=0
round=0
while [ $round -lt 150 ]; do
	round=$((round + 1))
	mkdir -m 700 out
	"$BESIGN" sign --p12 sample.p12 --passphrase-fd 0 --quiet --out out in/*.pdf <passphrase >said 2>&1 &
	# From before the key is open to after the last document is done: a different moment each round.
	sleep "0.0$((round % 10))$((round % 7))"
	kill -9 $! 2>/dev/null && interrupted=$((interrupted + 1))
	wait $! 2>/dev/null
	[ -z "$(find out in -name '.*' -type f)" ] || litter=$((litter + 1))
	if [ -n "$(ls out)" ]; then
		if "$BESIGN" verify --no-default-trust --trust trust --revocation none out/*.pdf >said 2>&1; then
			whole=$((whole + 1))
		else
			torn=$((torn + 1))
		fi
	fi
	# A key that was not open yet has begun nothing.
	if "$BESIGN" sign --resume --passphrase-fd 0 --quiet <passphrase >said 2>&1; then
		resumed=$((resumed + 1))
		[ "$("$BESIGN" verify --no-default-trust --trust trust --revocation none --json out/*.pdf | grep -o '"field":' | wc -l)" -eq 20 ] &&
			[ "$("$BESIGN" journal --json | grep -c '"result":"signed"')" -eq 20 ] || twice=$((twice + 1))
	fi
	rm -rf out "$HOME/.local/state/besign"
done
echo "# $round rounds, $interrupted killed in the middle, $whole left documents, $torn left a broken one, $litter left litter; $resumed finished afterwards, $twice not exactly once"
[ $torn -eq 0 ] && [ $whole -gt 0 ] && [ $interrupted -gt 0 ]
ok $? 'every output that is there is whole and valid' said
[ $litter -eq 0 ]
ok $? 'nothing else is left behind' said
[ $resumed -gt 0 ] && [ $twice -eq 0 ]
ok $? 'what was interrupted is finished, each document exactly once' said
for n in 1 10 20; do cmp -s in/$n.pdf "$TOP/contrib/letter.pdf" || echo "# $n.pdf was changed"; done | grep -q changed
[ $? -ne 0 ]
ok $? 'the documents themselves are untouched'
plan
