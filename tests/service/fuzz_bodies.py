# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that were right once, changed at random: whatever comes, the service answers with JSON that says what it thinks of
it, never with a fault of its own, and goes on.  fuzz_bodies.py COUNT; the generator is fixed, so each run is the same."""

import base64
import hashlib
import http.client
import json
import random
import sys

from desk import PASSPHRASE, PASSWORD, Desk, Person, ok, plan, same

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
chance = random.Random(20261127)

desk = Desk("fuzz")
desk.start_embedded()
sari = Person(desk)
sari.ready("p256")
digest = base64.b64encode(hashlib.sha256(b"surat").digest()).decode()
oid = "2.16.840.1.101.3.4.2.1"
some = {"credentialID": sari.certificate, "hashes": [digest, digest], "hashAlgorithmOID": oid}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
bodies = [
    ("/account/v1/register", JSON, {"user": "a@contoh.example", "name": "A", "password": PASSWORD}),
    ("/account/v1/login", JSON, {"user": sari.user, "password": PASSWORD}),
    ("/account/v1/login/code", JSON, {"ticket": "x" * 43, "device": "a" * 32, "code": "123456"}),
    ("/account/v1/devices/add", JSON, {"name": "Ponsel dua"}),
    ("/account/v1/devices/confirm", JSON, {"device": "a" * 32, "code": "123456"}),
    ("/account/v1/certificates/info", JSON, {"id": sari.certificate}),
    ("/account/v1/certificates/history", JSON, {"id": sari.certificate}),
    ("/account/v1/certificates/wait", JSON, {"change": 99, "seconds": 0}),
    ("/account/v1/certificates/renew", JSON, {"id": sari.certificate, "terms_version": "2026-11"}),
    ("/account/v1/certificates/import", JSON, {"p12": base64.b64encode(b"0" * 300).decode(), "passphrase": PASSPHRASE}),
    ("/account/v1/passphrase/set", JSON, {"link": "x" * 43, "passphrase": PASSPHRASE}),
    ("/csc/v2/credentials/list", JSON, {"credentialInfo": True, "certificates": "chain", "onlyValid": False}),
    ("/csc/v2/credentials/info", JSON, {"credentialID": sari.certificate, "certificates": "chain", "certInfo": True}),
    ("/csc/v2/credentials/authorize", JSON, dict(some, numSignatures=2, authData=[{"id": "passphrase", "value": PASSPHRASE}])),
    ("/csc/v2/credentials/extendTransaction", JSON, dict(some, SAD="x" * 43)),
    ("/csc/v2/signatures/signHash", JSON, dict(some, SAD="x" * 43, signAlgo="1.2.840.10045.4.3.2")),
    ("/csc/v2/signatures/timestamp", JSON, {"hash": digest, "hashAlgo": oid, "nonce": "0102"}),
    ("/oauth2/token", FORM, b"grant_type=refresh_token&client_id=besign&refresh_token=" + b"x" * 43),
    ("/oauth2/revoke", FORM, b"token=" + b"x" * 43),
    ("/oauth2/authorize", FORM, b"response_type=code&client_id=a&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F&code_challenge=" +
     b"x" * 43 + b"&code_challenge_method=S256&user=a&password=b&code=1"),
    ("/pki/ocsp", "application/ocsp-request", bytes.fromhex("30513 04f304d304b3049300906052b0e03021a05000414".replace(" ", "")) +
     b"\x00" * 40),
    ("/pki/tsa", "application/timestamp-query", bytes.fromhex("303702010130313 00d060960864801650304020105000420".replace(" ", "")) +
     b"\x11" * 32 + b"\x01\x01\xff"),
]
WORDS = [b'"', b"\\u0000", b"\\ud800", b"null", b"true", b"[]", b"{}", b"-1", b"1e999", b"0.5", b"9" * 30, b"[" * 70, b"\xff", b"\x00",
         b"%00", b"%zz", b"&", b"=", b"+", b"\r\n", b"'", b"<script>", b"A" * 5000, b"/", b"..", b",", b":", b"}"]


def change(body):
    body = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body) + 1)
        what = chance.randrange(6)
        if what == 0 and body:
            body[at % len(body)] ^= 1 << chance.randrange(8)
        elif what == 1:
            del body[at:at + chance.randint(1, 8)]
        elif what == 2:
            body[at:at] = chance.choice(WORDS)
        elif what == 3:
            end = at + chance.randint(1, 40)
            body[at:at] = body[at:end]
        elif what == 4:
            other = chance.choice(bodies)[2]
            other = other if isinstance(other, bytes) else json.dumps(other).encode()
            body[at:at] = other[chance.randrange(len(other)):][:60]
        else:
            del body[at:]
    return bytes(body)


allowed = {200, 201, 202, 204, 303, 400, 401, 403, 404, 409, 413, 415, 429}
faults, seen = [], set()
connection = desk.connection()
for i in range(COUNT):
    path, kind, body = chance.choice(bodies)
    body = change(body if isinstance(body, bytes) else json.dumps(body).encode())
    try:
        answer = desk.ask("POST", path, body, {"Content-Type": kind, "Authorization": "Bearer " + sari.token}, connection)
    except (OSError, http.client.HTTPException) as e:
        faults.append((path, body[:200], repr(e)))
        connection = desk.connection()
        continue
    seen.add((path, answer.status))
    if answer.status not in allowed:
        faults.append((path, body[:200], answer))
    elif (answer.headers["Content-Type"] or "").startswith(JSON) and not isinstance(answer.json, dict):
        faults.append((path, body[:200], answer))
    if answer.status == 401 and desk.post("/account/v1/profile", {}, sari.token).status == 401:
        faults.append((path, body[:200], "the session is gone"))
        break
ok(len({path for path, _ in seen}) == len(bodies), "%d changed bodies went to %d paths" % (COUNT, len(bodies)), sorted(seen))
same(faults[:5], [], "each was answered for what it is")
same(desk.ask("GET", "/health").status, 200, "the service is well after it")
same(sari.post("/account/v1/certificates/list").json["certificates"][0]["state"], "ISSUE", "and nobody's certificate was touched")
same(desk.stop(), 0, "it ends when it is told to")
plan()
