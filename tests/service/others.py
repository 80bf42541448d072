# SPDX-License-Identifier: GPL-3.0-or-later
"""Who tries what is not theirs, lines that are slow or spoken wrongly, and what time does to links and certificates."""

import base64
import collections
import hashlib
import http.client
import socket
import sqlite3
import ssl
import time
import warnings

from desk import PASSPHRASE, PASSWORD, Desk, Person, ok, plan, same


def refused(answer, status, error, text):
    return ok((answer.status, answer.error) == (status, error), text, answer)


def authorize(person, credential):
    digest = base64.b64encode(hashlib.sha256(b"surat").digest()).decode()
    return person.post("/csc/v2/credentials/authorize", {
        "credentialID": credential, "numSignatures": 1, "hashes": [digest], "hashAlgorithmOID": "2.16.840.1.101.3.4.2.1",
        "authData": [{"id": "passphrase", "value": PASSPHRASE}]})


desk = Desk("others")
desk.start_server(connections_max="64")
sari = Person(desk)
sari.ready("p256")
budi = Person(desk, 2)
budi.register()
budi.enrol()

# ---- somebody else's ----

for path in ("info", "history", "link"):
    refused(budi.post("/account/v1/certificates/" + path, {"id": sari.certificate}), 404, "not_found",
            "another person's certificate is not there: " + path)
refused(budi.post("/account/v1/certificates/revoke", {"id": sari.certificate, "reason": "superseded"}), 404, "not_found",
        "nor can it be revoked")
refused(budi.post("/account/v1/passphrase/change", {"id": sari.certificate, "current": PASSPHRASE, "passphrase": PASSPHRASE}), 404,
        "not_found", "nor opened")
refused(authorize(budi, sari.certificate), 400, "invalid_request", "nor authorised")
stolen = budi.token
budi.token = None
same(desk.form("/oauth2/revoke", {"token": stolen}).status, 204, "a stolen token is revoked")
refused(desk.post("/account/v1/profile", {}, stolen), 401, "invalid_token", "and opens nothing")
refused(desk.form("/oauth2/token", {"grant_type": "refresh_token", "refresh_token": budi.refresh, "client_id": "besign"}), 400,
        "invalid_grant", "nor does what it was refreshed with")

# ---- a lock that comes of many tries ----

ani = Person(desk, 3)
ani.register()
told = collections.Counter(desk.post("/account/v1/login", {"user": ani.user, "password": "salah"}).error for _ in range(7))
same((told["invalid_login"], told["locked"]), (5, 2), "five wrong passwords lock the sign-in")
answer = desk.post("/account/v1/login", {"user": ani.user, "password": PASSWORD})
refused(answer, 429, "locked", "for the right one as well")
ok(0 < int(answer.headers["Retry-After"]) <= 900, "for a quarter of an hour", answer.headers["Retry-After"])

# ---- the line itself ----

with socket.create_connection(desk.base) as plain:
    plain.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    heard = b""
    while piece := plain.recv(4096):
        heard += piece
ok(heard.startswith(b"HTTP/1.1 400 ") and b"https_required" in heard, "plain HTTP by mistake is told that https is meant", heard)
old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
old.load_verify_locations(desk.file("tls.crt"))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
try:
    http.client.HTTPSConnection(*desk.base, context=old, timeout=20).request("GET", "/health")
    ok(False, "TLS 1.1 is not spoken")
except OSError:
    ok(True, "TLS 1.1 is not spoken")
begin = time.time()
with desk.tls.wrap_socket(socket.create_connection(desk.base), server_hostname="localhost") as slow:
    slow.sendall(b"POST /account/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{")
    slow.settimeout(60)
    try:
        heard = slow.recv(100)
    except OSError:
        heard = b""
ok(heard == b"" and 5 < time.time() - begin < 30, "a request that does not go on is cut", heard, time.time() - begin)
connection, begin = desk.connection(), time.time()
told = collections.Counter(desk.ask("GET", "/health", connection=connection).status for _ in range(300))
asked = time.time() - begin
same(told[200], 300, "whether it is well may be asked often")
silent = [socket.create_connection(desk.base) for _ in range(300)]
same(desk.ask("GET", "/health").status, 200, "three hundred who say nothing keep nobody out")
for s in silent:
    s.close()
answer = desk.ask("GET", "/health")
same(answer.headers["Strict-Transport-Security"] is not None and answer.headers["Server"] is None, True,
     "it asks for https from now on, and does not say what it is made of")

# ---- time goes by ----

budi.sign_in()
budi.request("p256")
link = budi.link()
same(desk.stop(), 0, "the service ends when it is told to")
db = sqlite3.connect(desk.data + "/besign.db")
written = db.execute("SELECT value FROM counters WHERE name = 'store.alive'").fetchone()[0]
ok(written < asked + 60, "which costs no more than one write a second", written)
with db:
    db.execute("UPDATE links SET expires = strftime('%s', 'now') - 1")
    db.execute("UPDATE certificates SET not_after = strftime('%s', 'now') - 1 WHERE not_after IS NOT NULL")
db.close()
desk.start_server(connections_max="64")
same(budi.post("/account/v1/profile").status, 200, "a session outlives the process")
refused(desk.post("/account/v1/passphrase/set", {"link": link, "passphrase": PASSPHRASE}), 400, "invalid_link",
        "a link that is too old is refused")
same([c["state"] for c in sari.post("/account/v1/certificates/list").json["certificates"]], ["EXPIRED"], "what is over is EXPIRED")
refused(authorize(sari, sari.certificate), 400, "certificate_expired", "and signs nothing")
same(desk.stop(), 0, "and it ends again")
plan()
