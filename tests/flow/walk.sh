#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The walk: each step is told, nothing is left behind, and a copy that is kept can be verified by the commands it shows.
set -u
: "${BESIGN:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
cd "$TMP" || exit 2
mkdir temporary
TMPDIR=$TMP/temporary
export TMPDIR

"$BESIGN" walk >walk.txt 2>&1
ok $? 'the walk succeeds' walk.txt
while read -r words; do
	grep -q -- "$words" walk.txt
	ok $? "it says: $words" walk.txt
done <<'END'
throw-away authority
Sign the letter
Verify the signed letter
Not valid: the change was caught
Sign a second time
Both signatures are valid
besign sign --p12
besign verify --no-default-trust --trust trust --revocation none
END
[ -z "$(ls temporary)" ]
ok $? 'nothing is left behind' walk.txt

"$BESIGN" walk --keep >walk.txt 2>&1
ok $? 'the walk with --keep succeeds' walk.txt
kept=$(ls -d temporary/*)
grep -q "$kept" walk.txt
ok $? 'it says where the files are' walk.txt
cd "$kept" || exit 2
# What it shows for a person to type is what is typed here.
sed -n 's/^   \$ //p' ../../walk.txt | grep '^besign verify' | sed "s|^besign|$BESIGN|" >commands
[ "$(wc -l <commands)" -eq 2 ] && sh -e commands >said 2>&1
ok $? 'its commands verify the kept documents' walk.txt
"$BESIGN" verify --no-default-trust --trust trust --revocation none letter_forged.pdf >said 2>&1
[ $? -eq 1 ]
ok $? 'the forged letter is not valid' walk.txt
cmp -s letter.pdf letter_signed.pdf
[ $? -eq 1 ] && head -c "$(wc -c <letter.pdf)" letter_signed.pdf | cmp -s - letter.pdf
ok $? 'the signed letter begins with the unchanged letter' walk.txt


# The same steps on the screens, as text.
"$BESIGN" walk --screens >screens.txt 2>&1
ok $? 'the walk with --screens succeeds' screens.txt
[ "$(grep -c '^--- ' screens.txt)" -eq 8 ] && [ "$(grep -c '^BeSign' screens.txt)" -eq 8 ]
ok $? 'it shows eight screens' screens.txt
# The verdict stands alone on its line, once for each of the three screens that have one.
[ "$(grep -c '^  VALID$' screens.txt)" -eq 2 ] && [ "$(grep -c '^  NOT VALID$' screens.txt)" -eq 1 ]
ok $? 'the signed letter is valid there, and the changed one is not' screens.txt
grep -q '^> SIGNED  letter_signed.pdf$' screens.txt
ok $? 'the letter was signed there' screens.txt
! grep -q 'latihan' screens.txt || ! grep -q 'Passphrase:.*latihan' screens.txt
ok $? 'the passphrase is not on any of them' screens.txt
# A user's own settings and memory have no part in it.
[ ! -e "$HOME/.config/besign" ] && [ ! -e "$HOME/.local/state/besign" ]
ok $? 'nothing is remembered of it' screens.txt


# The whole way with a service of its own.
cd "$TMP" && mkdir service && TMPDIR=$TMP/service "$BESIGN" walk --service >service.txt 2>&1
ok $? 'the walk with --service succeeds' service.txt
[ "$(grep -c '^   > ' service.txt)" -eq 10 ] && grep -q 'ISSUED' service.txt && grep -q 'All ten are valid' service.txt
ok $? 'it tells ten steps, from the start of the service to the revocation' service.txt
[ -z "$(ls service)" ] && [ -z "$(find "$XDG_RUNTIME_DIR/besign" -type s)" ]
ok $? 'neither files nor a socket are left behind'
TMPDIR=$TMP/service "$BESIGN" walk --service --keep >service.txt 2>&1 && kept=$(echo service/*/account/service) && [ -s "$kept/besign.db" ] &&
	! sed '1,/service.stopped/d' "$kept/besignd.log" | grep -q . && grep -q service.stopped "$kept/besignd.log"
ok $? 'with --keep the data is kept, and the service has ended' service.txt
plan
