#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besignd as an administrator meets it: its command line, its configuration, users, a copy and its way back, the end by a
# signal and by itself, a disk that is full, a database that somebody holds.
set -u
: "${TOP:?}" "${TMP:?}" "${BUILD:?}"
. "$TOP/tests/tap.sh"
besignd=$BUILD/besignd
for tool in curl sqlite3 python3; do
	has $tool || skip_all 'besignd' "$tool is not installed"
done
cd "$TMP" || exit 2
umask 077
# The machine looks small to it, so that passwords are derived as fast as they may be.
library=$BUILD/tests/iofault.so

# ---- the command line ----

"$besignd" --help >out.txt 2>err.txt && grep -q '^usage: besignd --config FILE' out.txt && [ ! -s err.txt ]
ok $? '--help tells how' out.txt err.txt
[ "$("$besignd" --version)" = "besignd $(cat "$TOP/VERSION")" ]
ok $? '--version'
for arguments in '' '--config' '--nonsense' '--embedded' '--embedded --data /d' '--data /d --socket /s' \
	'--config x --embedded' '--embedded --data /d --socket /s user' '--ready-fd 1 --config x' '--config x --check user'; do
	# shellcheck disable=SC2086
	"$besignd" $arguments >out.txt 2>err.txt
	[ $? -eq 2 ] && [ ! -s out.txt ] && [ "$(wc -l <err.txt)" -eq 1 ]
	ok $? "refused in one line: besignd $arguments" out.txt err.txt
done

# ---- the configuration ----

cat >besignd.conf <<END
data = $TMP/data
socket = $TMP/socket
registration = closed
public-url = https://sign.example.id
organisation = Instansi Contoh
END
"$besignd" --config besignd.conf --check >out.txt 2>&1 && [ ! -s out.txt ] && [ ! -e data ]
ok $? '--check looks and touches nothing' out.txt
"$besignd" --config "$TOP/contrib/besignd.conf" --check >out.txt 2>&1
ok $? 'the configuration that comes along is right' out.txt
echo 'colour = blue' | cat besignd.conf - >wrong.conf
"$besignd" --config wrong.conf --check >out.txt 2>err.txt
[ $? -eq 2 ] && [ "$(cat err.txt)" = 'besignd: The configuration has no such name: wrong.conf, line 6: colour' ]
ok $? 'what is wrong is said, with file, line and name' out.txt err.txt

# The names that the table has stand in the manual, and nothing else does.
sed -n '/^static const struct spec table/,/^};/s/^[[:space:]]*{ "\([a-z-]*\)".*/\1/p' "$TOP/src/service/config.c" | sort >names.txt
sed 's/\\-/-/g' "$TOP/contrib/besignd.8" | sed -n '/^.SH CONFIGURATION/,/^.SH FILES/p' |
	awk '/^\.TP/ { title = 1; next } title { print; title = 0 }' |
	sed -e 's/^\.B[RI]* *//' -e 's/" *, *"/ /g; s/[",]/ /g' | tr -s ' ' '\n' | grep . | sort >manual.txt
[ "$(wc -l <names.txt)" -gt 20 ] && cmp -s names.txt manual.txt
ok $? 'besignd(8) has the names of the configuration' names.txt manual.txt
if has groff; then
	[ -z "$(groff -man -Tutf8 -ww "$TOP/contrib/besignd.8" 2>&1 >/dev/null)" ]
	ok $? 'it is set without a complaint'
else
	skip 'it is set without a complaint' 'groff is not installed'
fi
if has systemd-analyze; then
	sed "s|^\(Exec[A-Za-z]*=\)[^ ]*|\1$besignd|" "$BUILD/besignd.service" >besignd.service
	systemd-analyze security --offline=true --threshold=20 ./besignd.service >out.txt 2>&1
	ok $? 'systemd finds the unit hardened: exposure at most 2.0 of 10' out.txt
else
	skip 'systemd finds the unit hardened' 'systemd-analyze is not installed'
fi

# ---- serving ----

# start [CONFIG]: returns when it listens. $pid is the service.
start() {
	rm -f ready && mkfifo ready
	truncate -s 64 fault
	ASAN_OPTIONS=verify_asan_link_order=0 IOFAULT=$TMP/fault LD_PRELOAD=$library "$besignd" --config "${1:-besignd.conf}" --ready-fd 3 3>ready 2>>log.txt &
	pid=$!
	read -r said <ready
	[ "$said" = ready ]
}

# finish SIGNAL: leaves the status of the service.
finish() {
	kill "-$1" "$pid"
	wait "$pid"
}

ask() {
	path=$1
	shift
	curl -s --unix-socket socket --max-time 60 -w '%{http_code}\n' "http://localhost$path" "$@"
}

# post PATH BODY
post() {
	ask "$1" -H 'Content-Type: application/json' --data-binary "$2"
}

"$besignd" --config besignd.conf user disable sari >out.txt 2>err.txt
[ $? -eq 1 ] && grep -q 'This service was never started' err.txt
ok $? 'before the first start there are no users' out.txt err.txt
start && [ "$(ask /health | tail -n 1 | tail -c 4)" = 200 ]
ok $? 'it says when it listens, and answers' log.txt
[ "$(stat -c %a data)" = 700 ] && [ -z "$(find data -perm /077)" ]
ok $? 'nothing of its data can be read by others'
"$besignd" --config besignd.conf >other.txt 2>&1 &
other=$!
post /account/v1/register '{"user":"budi@example.id","name":"Budi","password":"kata sandi budi"}' >out.txt
grep -q '403$' out.txt && grep -q registration_closed out.txt
ok $? 'registration is closed' out.txt

# ---- users ----

add() {
	printf '%s\n' "$2" | "$besignd" --config besignd.conf user add "$1" --name 'Sari Contoh' --password-fd 0 >out.txt 2>err.txt
}
add sari@example.id 'kata sandi sari'
ok $? 'an administrator adds a user while it runs' out.txt err.txt
! add sari@example.id 'kata sandi sari' && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'not twice' out.txt err.txt
! add ani@example.id 123 && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'not with a weak password' out.txt err.txt
"$besignd" --config besignd.conf user add ani@example.id --password-fd 0 </dev/null >out.txt 2>err.txt
[ $? -eq 2 ]
ok $? 'not without a name' out.txt err.txt
login() {
	post /account/v1/login "{\"user\":\"$1\",\"password\":\"$2\"}"
}
login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt && grep -q '"ticket"' out.txt
ok $? 'the user signs in' out.txt
login sari@example.id 'kata sandi lain' >wrong.txt && login tidak.ada@example.id 'kata sandi lain' >unknown.txt
grep -q '401$' wrong.txt && sed 's/"server_time":[^,}]*//' wrong.txt >a.txt && sed 's/"server_time":[^,}]*//' unknown.txt >b.txt &&
	cmp -s a.txt b.txt
ok $? 'a wrong password and an unknown user are answered alike' wrong.txt unknown.txt
"$besignd" --config besignd.conf user disable sari@example.id >out.txt 2>&1 &&
	login sari@example.id 'kata sandi sari' >out.txt && ! grep -q '200$' out.txt
ok $? 'a disabled user does not' out.txt
"$besignd" --config besignd.conf user enable sari@example.id >out.txt 2>&1 &&
	login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt
ok $? 'one that is enabled again does' out.txt
for _ in 1 2 3 4 5 6; do login sari@example.id salah >locked.txt; done
grep -q '429$' locked.txt && grep -q '"locked"' locked.txt && login sari@example.id 'kata sandi sari' >out.txt && ! grep -q '200$' out.txt
ok $? 'too many wrong passwords lock' locked.txt out.txt
"$besignd" --config besignd.conf user unlock sari@example.id >out.txt 2>&1 &&
	login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt
ok $? 'an administrator unlocks' out.txt
"$besignd" --config besignd.conf user reset-otp sari@example.id >out.txt 2>&1
ok $? 'and resets the devices' out.txt
for user in disable enable unlock reset-otp; do
	"$besignd" --config besignd.conf user $user tidak.ada@example.id >out.txt 2>err.txt
	[ $? -eq 1 ] && [ "$(wc -l <err.txt)" -eq 1 ]
	ok $? "user $user: nobody of that name" out.txt err.txt
done
"$besignd" --config besignd.conf audit check >out.txt 2>&1 && grep -qE '^[0-9]+ lines, unbroken; the last is [0-9a-f]{64}$' out.txt
ok $? 'the audit log is unbroken' out.txt

# ---- a copy, and its way back ----

"$besignd" --config besignd.conf backup copy >out.txt 2>&1 && [ "$(stat -c %a copy)" = 700 ] && [ -z "$(find copy -perm /077)" ] &&
	[ "$(ls copy | tr '\n' ' ')" = 'besign.db service.key ' ]
ok $? 'a copy is made while it runs' out.txt
! "$besignd" --config besignd.conf backup copy >out.txt 2>err.txt && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'never over another one' out.txt err.txt
wait $other
[ $? -eq 1 ] && grep -q '"error":"busy","message":"Another besignd uses this data directory"' other.txt
ok $? 'a second one on the same data gives up' other.txt
finish TERM
[ $? -eq 0 ] && [ ! -e socket ] && grep -q '"service.stopped"' log.txt
ok $? 'SIGTERM ends it as it should' log.txt
sed "s|^data = .*|data = $TMP/copy|" besignd.conf >copy.conf
start copy.conf && login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt
ok $? 'from the copy it serves again' out.txt log.txt
finish INT
ok $? 'SIGINT ends it as well' log.txt
rm copy/service.key
! start copy.conf && [ "${said#failed: }" != "$said" ]
ok $? 'without its key it does not start, and says why'
wait "$pid"

# ---- bad days ----

start
printf 'BEGIN EXCLUSIVE;\n.shell touch held; cat hold >/dev/null\nCOMMIT;\n' >hold.sql
mkfifo hold
sqlite3 data/besign.db <hold.sql >held.txt 2>&1 &
holder=$!
while [ ! -e held ]; do :; done
login sari@example.id 'kata sandi sari' >out.txt
grep -q '503$' out.txt && grep -q temporarily_unavailable out.txt
ok $? 'a database that somebody holds: busy, try again' out.txt held.txt log.txt
echo >hold
wait $holder
login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt
ok $? 'and again it is right' out.txt

# The library behind LD_PRELOAD lets every call that needs room fail from now on: its control is seen, at, mode.
fault() {
	python3 -c 'import struct, sys; f = open("fault", "r+b"); f.seek(8); f.write(struct.pack("<qi", 0, int(sys.argv[1])))' "$1"
}
fault 3
login sari@example.id 'kata sandi sari' >out.txt
grep -q '507$' out.txt && grep -q storage_full out.txt
ok $? 'a full disk: nothing was done, and it is said' out.txt log.txt
ask /health >out.txt && grep -q '503$' out.txt
ok $? 'health says so too' out.txt
fault 0
# What health says is as old as a second.
healthy() {
	tries=0
	while ! ask /health | grep -q '200$'; do
		tries=$((tries + 1))
		[ $tries -lt 1000 ] || return 1
	done
}
login sari@example.id 'kata sandi sari' >out.txt && grep -q '200$' out.txt && healthy
ok $? 'with room again it is right again' out.txt
"$besignd" --config besignd.conf audit check >out.txt 2>&1
ok $? 'and the audit log is unbroken' out.txt
finish TERM
ok $? 'it ends as it should' log.txt

# ---- ending by itself ----

echo 'idle-seconds = 1' | cat besignd.conf - >idle.conf
start idle.conf
wait "$pid"
[ $? -eq 0 ] && [ ! -e socket ] && grep -q '"why":"idle"' log.txt
ok $? 'when nobody asks it ends by itself' log.txt
mkdir -m 700 gone && sed "s:^data = .*:data = $TMP/gone:" idle.conf >gone.conf
start gone.conf
rm -r gone
wait "$pid"
[ $? -eq 0 ] && [ ! -e socket ]
ok $? 'and so it does when its data are gone' log.txt

# ---- what it wrote ----

! grep -qE 'kata sandi|salah' log.txt && python3 -c '
import json, sys
lines = [json.loads(line) for line in open("log.txt")]
sys.exit(0 if len(lines) > 20 and all(l["time"] and l["level"] and l["event"] for l in lines) else 1)' 2>err.txt
ok $? 'its log is one JSON object a line, without a password' err.txt
plan
