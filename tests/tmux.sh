# SPDX-License-Identifier: GPL-3.0-or-later
#
# A full-screen program in tmux: a terminal that is not of our making, for a few tests beside those of
# tests/unit/support/terminal.h. Read by ". $TOP/tests/tmux.sh"; needs TMP, and tmux itself: ask "has tmux" first.
#
# The server is a private one in TMP; it goes with the script. Nothing sleeps: what the program writes also comes through a
# pipe, and a wait blocks on that until there is more to look at, TMUX_PATIENCE seconds (20) in all.

tmux_do() {
	tmux -S "$TMP/tmux.socket" "$@"
}

# tmux_start COLUMNSxROWS COMMAND [ARGUMENT...]: TERM is screen-256color in there.
tmux_start() {
	tmux_size=$1
	shift
	tmux_end
	mkfifo "$TMP/tmux.output" && exec 9<>"$TMP/tmux.output" || return
	cat >"$TMP/tmux.conf" <<-END
	set -g default-terminal screen-256color
	set -g status off
	set -g remain-on-exit on
	set-hook -g pane-died { run-shell "echo >>'$TMP/tmux.output'" ; wait-for -S ended }
	END
	trap tmux_end EXIT
	trap 'exit 1' HUP INT TERM
	(
		unset TMUX
		tmux -u -S "$TMP/tmux.socket" -f "$TMP/tmux.conf" new-session -d \
			-x "${tmux_size%x*}" -y "${tmux_size#*x}" -- "$@" 9>&-
	) && tmux_do pipe-pane "cat >'$TMP/tmux.output'"
}

# Kills the program and the server.
tmux_end() {
	[ ! -S "$TMP/tmux.socket" ] || tmux_do kill-server 2>/dev/null
	rm -f "$TMP/tmux.socket" "$TMP/tmux.output" "$TMP/tmux.conf"
}

# tmux_keys KEY...: names of tmux, such as Down Enter C-z, or characters.
tmux_keys() {
	tmux_do send-keys -- "$@"
}

tmux_type() { # TEXT
	tmux_do send-keys -l -- "$1"
}

tmux_resize() { # COLUMNSxROWS
	tmux_do resize-window -x "${1%x*}" -y "${1#*x}"
}

tmux_screen() {
	tmux_do capture-pane -p
}

# "ROW COLUMN", from 0
tmux_cursor() {
	tmux_do display-message -p '#{cursor_y} #{cursor_x}'
}

# tmux_wait PATTERN: until a line of the screen matches what grep takes; the screen is left in $TMP/screen. Fails when it
# does not come, or the program ends without it.
tmux_wait() {
	tmux_until=$(($(date +%s) + ${TMUX_PATIENCE:-20}))
	while
		tmux_over=$(tmux_do display-message -p '#{pane_dead}') || return
		tmux_screen >"$TMP/screen"
		! grep -q -e "$1" "$TMP/screen"
	do
		tmux_left=$((tmux_until - $(date +%s)))
		[ "$tmux_over" != 1 ] && [ $tmux_left -gt 0 ] || return 1
		timeout $tmux_left dd bs=65536 count=1 <&9 >/dev/null 2>&1
	done
}

# Waits for the end of the program and prints its exit status. A busy server may miss that its child has ended; then it
# is told again, and only knows.
tmux_status() {
	tmux_until=$(($(date +%s) + ${TMUX_PATIENCE:-20}))
	timeout 1 tmux -S "$TMP/tmux.socket" wait-for ended
	until tmux_ended=$(tmux_do display-message -p '#{pane_dead_status}') && [ -n "$tmux_ended" ]; do
		[ "$(date +%s)" -lt $tmux_until ] && kill -s CHLD "$(tmux_do display-message -p '#{pid}')" || return 1
		timeout 1 tmux -S "$TMP/tmux.socket" wait-for ended
	done
	echo "$tmux_ended"
}
