#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A visible signature placed with the keyboard over the page as it looks, in tmux: poppler draws it where the screen said that it
# would stand, and nowhere else.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
. "$TOP/tests/tmux.sh"
for tool in tmux openssl pdftoppm python3; do
	has $tool || skip_all 'placing on screen' "$tool is not installed"
done
"$BESIGN" doctor 2>&1 | grep -q 'Pages can be shown' || skip_all 'placing on screen' 'pages cannot be drawn here'
cd "$TMP" || exit 2

mkdir -p documents .local/state/besign && cp "$TOP/contrib/letter.pdf" documents &&
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj '/C=ID/CN=Siti Contoh' \
		-addext keyUsage=critical,digitalSignature,nonRepudiation >said 2>&1 &&
	openssl pkcs12 -export -inkey key.pem -in cert.pem -out documents/key.p12 -passout pass:rahasia >>said 2>&1
ok $? 'a key file and a letter' said

tmux_start 100x40 env HOME="$TMP" BESIGN_LANG=en LANG=C.UTF-8 sh -c 'cd documents && exec "$0"' "$BESIGN"
tmux_wait '^> .*Sign with a key file' && tmux_keys Enter && tmux_wait '^> .*Browse PDF' && tmux_keys o && tmux_wait '^> .*\.\./' &&
	tmux_keys Down && tmux_wait '^> .*letter\.pdf' && tmux_keys Enter && tmux_wait '^> .*Choose a key file' && tmux_keys Enter &&
	tmux_wait '^> .*\.\./' && tmux_keys Down && tmux_wait '^> .*key\.p12' && tmux_keys Enter && tmux_wait '^> 3 Sign'
ok $? 'a document and a key file are chosen' screen
tmux_keys 5 && tmux_wait '(\*) Visible' && tmux_keys s && tmux_wait 'Page 1 of 1  180 x 60 pt' && tmux_wait '+-----*+'
ok $? 'the page is shown with the frame on it' screen
# The top right corner by its key, then ten points to the left and twenty down.
tmux_keys 9 H H H H H H H H H H J J J J J J J J J J J J J J J J J J J J && tmux_wait '180 x 60 pt + 369, 56 '
ok $? 'keys move it, by the point' screen
tmux_keys Enter && tmux_wait 'Visible on:   page 1' && tmux_type rahasia && tmux_keys Enter && tmux_wait 'SIGNED  letter_signed\.pdf'
ok $? 'it is signed there' screen

# changed RECTANGLE: how many pixels changed inside of it, and how many outside; at 72 dpi a point is a pixel.
cat >changed.py <<'END2'
import sys
def read(name):
    data = open(name, 'rb').read().split(None, 3)
    width, height = int(data[1]), int(data[2])
    return width, height, data[3].split(b'\n', 1)[1] if data[3][:3].isdigit() else data[3]
(w, h, before), (_, _, after) = read(sys.argv[1]), read(sys.argv[2])
x, y, width, height = map(int, sys.argv[3:7])
inside = outside = 0
for i in range(w * h):
    if before[i] != after[i]:
        if x - 1 <= i % w <= x + width + 1 and y - 1 <= i // w <= y + height + 1: inside += 1
        else: outside += 1
print(inside > 300 and outside == 0, inside, outside)
END2
for name in letter letter_signed; do
	pdftoppm -r 72 -gray -singlefile "documents/$name.pdf" $name >>said 2>&1
done
python3 changed.py letter.pgm letter_signed.pgm 369 56 180 60 >changed.txt 2>&1
grep -q '^True' changed.txt
ok $? 'poppler draws it in that rectangle, and nothing outside of it' changed.txt said

# The same letter, looked at.
tmux_keys Enter && tmux_wait 'Signed copy' && tmux_keys 3 && tmux_wait '2 Look at the pages' && tmux_keys 2 && tmux_wait 'Page 1 of 1' &&
	tmux_wait '+---*+' && tmux_keys r && tmux_wait 'BADAN ARSIP KOTA CONTOH'
ok $? 'the signed letter is shown, with the frame of its signature, and its text can be read' screen
tmux_keys C-c C-c && [ "$(tmux_status)" = 130 ]
ok $? 'and all of it ends' screen
plan
