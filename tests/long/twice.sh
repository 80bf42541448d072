#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every foreign document that can be signed is signed twice: then both signatures are valid, and the first calls the second a harmless update.
set -u
: "${BESIGN:?}" "${TMP:?}" "${TOP:?}"
. "$TOP/tests/tap.sh"
corpus=${CORPUS:-$TOP/../shared/corpus}

[ -d "$corpus/sign-inputs" ] || skip_all 'signing twice' 'the corpus does not stand beside the checkout'
for tool in python3 openssl; do
	has $tool || skip_all 'signing twice' "$tool is not installed"
done
cd "$TMP" || exit 2
mkdir -m 700 trust
echo rahasia >passphrase
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out trust/cert.pem -days 30 -subj '/C=ID/O=Lembaga Contoh/CN=Dua Kali' \
	-addext keyUsage=critical,digitalSignature,nonRepudiation >said.txt 2>&1 && chmod 600 trust/cert.pem &&
	openssl pkcs12 -export -inkey key.pem -in trust/cert.pem -out key.p12 -passout file:passphrase >>said.txt 2>&1
ok $? 'a key' said.txt
cat >twice.py <<'END'
import glob, json, subprocess, sys
besign, folder = sys.argv[1:]
def run(*a, **k): return subprocess.run([besign, *a], capture_output=True, timeout=60, **k)
def sign(source, target):
    with open('passphrase', 'rb') as secret:
        return run('sign', '--p12', 'key.p12', '--passphrase-fd', '0', '--force', '-o', target, source, stdin=secret).returncode == 0
good = once = refused = bad = 0
for document in sorted(glob.glob(folder + '/*.pdf')):
    if not sign(document, 'one.pdf'): refused += 1; continue
    if not sign('one.pdf', 'two.pdf'): once += 1; continue      # an unreadable object: nobody can say that nothing changed
    report = json.loads(run('verify', '--json', '--no-default-trust', '--trust', 'trust', '--revocation', 'none', 'two.pdf').stdout)
    ours = [(s['result'], s['modification']) for s in report['signatures'] if s['signer']['name'] == 'Dua Kali']
    if ours == [('TOTAL-PASSED', 'form'), ('TOTAL-PASSED', 'none')]: good += 1
    else: bad += 1; print('BAD', document.split('/')[-1], ours)
print(good, 'good', once, 'signed once only', refused, 'refused', bad, 'bad')
sys.exit(bad > 0 or good < 95)
END
python3 twice.py "$BESIGN" "$corpus/sign-inputs" >said.txt 2>&1
ok $? 'both signatures are valid, the first with a harmless update' said.txt
sed 's/^/# /' said.txt | tail -n 1
plan
