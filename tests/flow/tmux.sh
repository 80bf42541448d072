#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The driver for tmux itself, with the least of programs in it.
set -u
: "${BUILD:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
. "$TOP/tests/tmux.sh"
has tmux || skip_all 'full-screen programs in tmux' 'tmux is not installed'
cd "$TMP" || exit 2
hello=$BUILD/tests/make/hello_screen

tmux_start 80x24 "$hello" && tmux_wait '^hello, screen of 24 x 80$'
ok $? 'the first screen comes, in the size that was asked for' screen
[ "$(tmux_cursor)" = '0 24' ]
ok $? 'the cursor is told'
tmux_resize 100x30 && tmux_wait '^hello, screen of 30 x 100$'
ok $? 'a resize is followed' screen
TMUX_PATIENCE=1
! tmux_wait 'never to be seen'
ok $? 'what does not come is waited for in vain, and not for ever' screen
TMUX_PATIENCE=20
tmux_keys Down x q
[ "$(tmux_status)" = 0 ]
ok $? 'keys reach the program, and its exit status is told'
tmux_screen >screen
! grep -q hello screen
ok $? 'the screen from before is back' screen
before=$(date +%s)
! tmux_wait 'never to be seen' && [ $(($(date +%s) - before)) -lt 15 ]
ok $? 'nothing is waited for when the program has ended' screen

tmux_start 40x12 sh -c 'printf "%s\n" "$TERM"; read -r line; printf "got <%s>\n" "$line"; exit 7'
tmux_wait '^screen-256color$'
ok $? 'a second program takes the place of the first' screen
tmux_type 'C-c is text; so is "é"' && tmux_keys Enter && tmux_wait '^got <C-c is text; so is "é">$'
ok $? 'text goes in as it is' screen
[ "$(tmux_status)" = 7 ]
ok $? 'another status'
tmux_end
! tmux_do list-sessions >said 2>&1 && [ ! -e tmux.socket ]
ok $? 'nothing of it is left' said
plan
