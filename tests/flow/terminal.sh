#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# On a terminal: lines end where it ends, and nothing that a certificate says begins one, however long it is.
set -u
: "${BESIGN:?}" "${TOP:?}" "${TMP:?}"
. "$TOP/tests/tap.sh"
for tool in python3 openssl; do
	has $tool || skip_all 'what a terminal shows' "$tool is not installed"
done
cd "$TMP" || exit 2
echo rahasia >passphrase
# An organisation whose name would put a verdict of its own at the left edge of 80 columns.
padding=$(printf '%045d' 0 | tr 0 x)
openssl req -x509 -utf8 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 \
	-subj "/C=ID/O=Contoh ${padding}VALID/OU=VALID VALID VALID VALID VALID VALID VALID VALID VALID VALID/CN=Panjang" \
	-addext keyUsage=critical,digitalSignature,nonRepudiation >said.txt 2>&1 &&
	openssl pkcs12 -export -inkey key.pem -in cert.pem -out key.p12 -passout file:passphrase >>said.txt 2>&1 &&
	"$BESIGN" sign --p12 key.p12 --passphrase-fd 0 -o signed.pdf "$TOP/contrib/letter.pdf" <passphrase >said.txt 2>&1
ok $? 'a document signed by somebody with a long name' said.txt

# show COLUMNS: what the program writes to a terminal that wide.
cat >show.py <<'END'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm', NO_COLOR='1')
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
seen = b''
while True:
    try: piece = os.read(fd, 65536)
    except OSError: break
    if not piece: break
    seen += piece
os.waitpid(pid, 0)
sys.stdout.write(seen.decode().replace('\r\n', '\n'))
END
for columns in 80 40; do
	python3 show.py $columns "$BESIGN" verify --no-default-trust --revocation none signed.pdf >shown.txt 2>err.txt
	[ -s shown.txt ] && [ "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' shown.txt)" -le $columns ]
	ok $? "no line is wider than $columns columns" shown.txt err.txt
	[ "$(grep -c '^[^ ]' shown.txt)" -eq 1 ] && [ "$(head -n 1 shown.txt)" = 'NOT CERTAIN' ]
	ok $? 'only the verdict begins at the left edge' shown.txt err.txt
done
"$BESIGN" verify --no-default-trust --revocation none signed.pdf >plain.txt 2>&1
[ "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' plain.txt)" -gt 100 ]
ok $? 'in a file, lines are left whole' plain.txt
plan
