#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# besign share: into a folder, and by a sendmail program. The servers have tests of their own (share-mail, share-sftp).
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
cd "$TMP" || exit 2
HOME=$TMP/home
export HOME BESIGN_LANG=en
mkdir -p "$HOME/.config/besign" into other
config=$HOME/.config/besign/config
cp "$TOP/contrib/letter.pdf" letter.pdf
cp "$TOP/contrib/letter.pdf" 'surat (1) "a".pdf'
name=$(printf 'jahat\033[31m.pdf')
cp letter.pdf "$name"

# says STATUS ARGUMENTS...
says() {
	status=$1
	shift
	"$BESIGN" share "$@" >out.txt 2>err.txt
	[ $? -eq "$status" ]
}

# ---- into a folder ----

says 0 --to-dir into letter.pdf 'surat (1) "a".pdf' "$name" && cmp -s letter.pdf into/letter.pdf && cmp -s letter.pdf "into/$name" && [ "$(ls -A into | wc -l)" -eq 3 ] &&
	grep -q '^copied  letter.pdf -> /.*/into/letter.pdf$' out.txt && ! grep -q "$(printf '\033')" out.txt
ok $? 'documents are copied, and nothing else is' out.txt err.txt
echo longer >>letter.pdf
says 2 --to-dir into letter.pdf && ! cmp -s letter.pdf into/letter.pdf && grep -q 'exists' err.txt
ok $? 'an existing file is refused' out.txt err.txt
says 0 --to-dir into --force letter.pdf && cmp -s letter.pdf into/letter.pdf
ok $? 'or replaced when that is wished' out.txt err.txt
says 2 --to-dir into --json letter.pdf missing.pdf &&
	[ "$(grep -c '"result":"failed"' out.txt)" -eq 2 ] && grep -q '"code":"exists"' out.txt && grep -q '"code":"not-found"' out.txt && [ ! -s err.txt ]
ok $? 'each document has a result of its own' out.txt err.txt
cp letter.pdf two.pdf
says 1 --to-dir into letter.pdf two.pdf && [ -e into/two.pdf ] && [ "$(wc -l <err.txt)" -eq 1 ] && [ "$(wc -l <out.txt)" -eq 1 ]
ok $? 'one that fails does not keep the others' out.txt err.txt
mkdir sub && cp letter.pdf sub/two.pdf && echo more >>sub/two.pdf
says 1 --to-dir into --force two.pdf sub/two.pdf && cmp -s two.pdf into/two.pdf && grep -q 'same name' err.txt
ok $? 'a second one of the same name does not replace the first' out.txt err.txt
says 2 --to-dir . --force two.pdf && grep -q 'in that folder already' err.txt && cmp -s letter.pdf two.pdf && says 2 --to-dir . --force --move two.pdf && cmp -s letter.pdf two.pdf
ok $? 'nothing is copied onto itself' out.txt err.txt
ln -s two.pdf link.pdf
ln two.pdf hard.pdf
says 0 --to-dir into link.pdf && [ ! -L into/link.pdf ] && cmp -s into/link.pdf two.pdf && says 2 --to-dir other --move link.pdf && [ -L link.pdf ] && [ ! -e other/link.pdf ]
ok $? 'a link is copied as what it points to, and is not moved' out.txt err.txt
ln -s ../two.pdf other/two.pdf
says 2 --to-dir other --force two.pdf && [ -L other/two.pdf ]
ok $? 'a link that stands in the way is not followed' out.txt err.txt
rm other/two.pdf
mkfifo pipe.pdf
says 2 --to-dir other pipe.pdf && grep -q 'no file that can be handed on' err.txt
ok $? 'a pipe is no document, and nobody waits for it' out.txt err.txt
chmod 640 two.pdf && touch -d '2026-01-02 03:04:05' two.pdf
says 0 --to-dir other --move two.pdf && [ ! -e two.pdf ] && [ "$(stat -c %a other/two.pdf)" = 640 ] && grep -q '^moved  two.pdf' out.txt &&
	[ "$(stat -c %Y other/two.pdf)" = "$(date -d '2026-01-02 03:04:05' +%s)" ]
ok $? 'a document that is moved keeps who may read it, and its time' out.txt err.txt
says 0 --to-dir '~/.config' hard.pdf --quiet && [ -e "$HOME/.config/hard.pdf" ] && [ ! -s out.txt ]
ok $? 'a home directory is understood' out.txt err.txt

# ---- by a sendmail program ----

cat >mailer <<'EOF'
#!/bin/sh
# What it was asked, and the letter; then as the file says.
{ printf '%s\n' "$@"; } >"$HOME/asked"
cat >"$HOME/letter"
. "$HOME/then"
EOF
chmod 755 mailer
printf 'mail-from = sari@contoh.example\nsendmail = "%s/mailer"\n' "$TMP" >"$config"
echo 'exit 0' >"$HOME/then"
says 0 --mail 'budi@contoh.example, -oQ/tmp@contoh.example' --subject 'Halo; rm -rf $HOME' letter.pdf &&
	[ "$(cat "$HOME/asked")" = "$(printf '%s\n' -i -f sari@contoh.example -- budi@contoh.example -oQ/tmp@contoh.example)" ]
ok $? 'the program is asked without a shell, and addresses are no options' out.txt err.txt "$HOME/asked"
grep -q '^Subject: Halo; rm -rf \$HOME$' "$HOME/letter" && ! grep -q "$(printf '\r')" "$HOME/letter" &&
	sed -n '/^Content-Transfer-Encoding: base64$/,/^--/p' "$HOME/letter" | grep -v '^Content\|^--\|^$' | base64 -d | cmp -s - letter.pdf
ok $? 'the letter has the document, and lines as this system has them' "$HOME/letter"
echo 'echo "mailer: no such user" >&2; exit 67' >"$HOME/then"
says 4 --mail budi@contoh.example letter.pdf && grep -q '67: mailer: no such user' err.txt && [ "$(wc -l <err.txt)" -eq 1 ]
ok $? 'what it refuses is told with what it says' out.txt err.txt
echo 'echo later; exit 75' >"$HOME/then"
says 4 --mail budi@contoh.example letter.pdf && grep -q 'now (later)' err.txt
ok $? 'and so is what it does not take now' out.txt err.txt
echo 'kill -9 $$' >"$HOME/then"
says 6 --mail budi@contoh.example --json letter.pdf && grep -q '"result":"unknown"' out.txt
ok $? 'one that dies leaves it unknown' out.txt err.txt
mkfifo "$HOME/ready"
printf 'echo $$ >"$HOME/ready"\nexec sleep 1000\n' >"$HOME/then"
"$BESIGN" share --mail budi@contoh.example letter.pdf >out.txt 2>err.txt &
asked=$!
read -r mailer <"$HOME/ready"
kill -TERM $asked
wait $asked
[ $? -eq 6 ] && ! kill -0 "$mailer" 2>/dev/null && grep -q 'may have gone' err.txt
ok $? 'one that never ends can be left, and it is ended' out.txt err.txt
printf 'mail-from = sari@contoh.example\nsendmail = "%s/hilang"\n' "$TMP" >"$config"
says 2 --mail budi@contoh.example letter.pdf && grep -q 'no sendmail program' err.txt
ok $? 'without the program it is said what to do' out.txt err.txt
printf 'mail-from = sari@contoh.example\nmail-server = localhost:9\nsendmail = "%s/mailer"\n' "$TMP" >"$config"
echo 'exit 0' >"$HOME/then" && rm "$HOME/letter"
says 0 --mail budi@contoh.example --sendmail --from lain@contoh.example letter.pdf && grep -q '^From: <lain@contoh.example>$' "$HOME/letter"
ok $? '--sendmail is stronger than the server that is set, and --from than the address' out.txt err.txt
plan
