#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The screens in a terminal that is not of our making: a document is signed and verified in tmux, and the cursor, which a
# screen reader follows, is always on the row that has the focus.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
. "$TOP/tests/tmux.sh"
has tmux || skip_all 'the screens in tmux' 'tmux is not installed'
has openssl || skip_all 'the screens in tmux' 'openssl is not installed'
cd "$TMP" || exit 2

mkdir -p documents && chmod 700 documents && cp "$TOP/contrib/letter.pdf" documents &&
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj '/C=ID/CN=Siti Contoh' \
		-addext keyUsage=critical,digitalSignature,nonRepudiation >said 2>&1 &&
	openssl pkcs12 -export -inkey key.pem -in cert.pem -out documents/key.p12 -passout pass:rahasia >>said 2>&1 &&
	"$BESIGN" trust add cert.pem >>said 2>&1 &&
	mkdir -p .config/besign && echo 'revocation = none' >.config/besign/config
ok $? 'a key file and somebody who trusts it' said

# focus TEXT [COLUMN]: that is on the row with the marker, and there is the cursor. The two are asked one after the other,
# so a picture that was half drawn is looked at again.
focus() {
	focus_until=$(($(date +%s) + 20))
	while [ "$(date +%s)" -lt $focus_until ]; do
		tmux_wait "^> .*$1" || return
		focus_row=$(grep -n -e "^> .*$1" "$TMP/screen" | head -n 1 | cut -d : -f 1)
		[ "$(tmux_cursor)" != "$((focus_row - 1)) ${2:-0}" ] || return 0
	done
	return 1
}

tmux_start 80x24 env HOME="$TMP" BESIGN_LANG=en LANG=C.UTF-8 sh -c 'cd documents && exec "$0"' "$BESIGN"
focus 'Sign with a key file'
ok $? 'the first screen, with the cursor on what comes first' screen
[ "$(tmux_do display-message -p '#{mouse_any_flag} #{alternate_on} #{cursor_flag}')" = '0 1 1' ]
ok $? 'the mouse is left alone, the screen from before is kept, the cursor can be seen'
tmux_keys Enter && focus 'Browse PDF' && tmux_keys o && focus '\.\./' && tmux_keys Down && focus 'letter\.pdf' &&
	tmux_keys Enter && focus 'Choose a key file' && tmux_keys Enter && focus '\.\./' && tmux_keys Down &&
	focus 'key\.p12' && tmux_keys Enter && focus '3 Sign'
ok $? 'a document and a key file are chosen' screen
tmux_keys Enter && focus 'Passphrase:' 17 && tmux_type raha && focus '\[\*\*\*\* ' 21
ok $? 'the cursor goes with what is typed' screen
tmux_resize 40x12 && tmux_wait "signed files that exist\$" && focus '\[\*\*\*\* ' 21
ok $? 'and stays with it when the window shrinks' screen
tmux_resize 80x24 && tmux_wait 'beside the document, with _signed in the name' && focus '\[\*\*\*\* ' 21 && tmux_type sia && tmux_keys Enter && focus 'SIGNED  letter_signed\.pdf' &&
	[ -s documents/letter_signed.pdf ]
ok $? 'it is signed' screen
! grep -q rahasia screen
ok $? 'the passphrase is nowhere'
tmux_keys Enter && focus '1 OK' && tmux_keys 3 && focus '1 Show' && [ "$(sed -n 3p screen)" = '  VALID' ]
ok $? 'and valid' screen
tmux_keys Enter && tmux_wait '1 of 1: VALID' && grep -q 'Siti Contoh' screen
ok $? 'every signature is shown' screen
tmux_keys C-c && tmux_wait 'Press ^C once more' && tmux_keys C-c && [ "$(tmux_status)" = 130 ]
ok $? "two interrupts end it" screen
[ "$(tmux_do display-message -p '#{alternate_on}')" = 0 ]
ok $? 'and the screen from before is back'
plan
