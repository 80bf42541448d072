# SPDX-License-Identifier: GPL-3.0-or-later
"""What people get wrong and what goes wrong around them: each is told what it is, and of many at once one gets it."""

import base64
import collections
import hashlib
import http.client
import threading
import time

from desk import PASSPHRASE, PASSWORD, Answer, Authenticator, Desk, Person, ok, plan, same

SHA256, RSA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1"


def refused(answer, status, error, text):
    return ok((answer.status, answer.error) == (status, error), text, answer)


def together(count, what):
    """All of them at one moment; what they were told, counted."""
    gate, answers = threading.Barrier(count), []

    def one(i):
        connection = desk.connection()
        connection.connect()
        gate.wait()
        try:
            answers.append(what(i, connection))
        except (OSError, http.client.HTTPException) as e:
            answers.append(e)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return collections.Counter(a.error or a.status if isinstance(a, Answer) else repr(a) for a in answers), answers


def digest(i):
    return base64.b64encode(hashlib.sha256(b"surat %d" % i).digest()).decode()


def authorize(person, count, passphrase=PASSPHRASE):
    return person.post("/csc/v2/credentials/authorize", {
        "credentialID": person.certificate, "numSignatures": count, "hashes": [digest(i) for i in range(count)],
        "hashAlgorithmOID": SHA256, "authData": [{"id": "passphrase", "value": passphrase}]})


def sign(person, sad, which, connection=None):
    return desk.post("/csc/v2/signatures/signHash", {
        "credentialID": person.certificate, "SAD": sad, "hashes": [digest(i) for i in which], "hashAlgorithmOID": SHA256,
        "signAlgo": RSA}, person.token, connection=connection)


desk = Desk("bad")
desk.start_server(connections_max="64")
sari = Person(desk)

# ---- the way to an account ----

refused(desk.post("/account/v1/register", {"user": "bukan alamat", "name": "X", "password": PASSWORD}), 400, "invalid_request",
        "a user who is no mail address is refused")
refused(desk.post("/account/v1/register", {"user": "a@contoh.example", "name": "X", "password": "12345678"}), 400,
        "weak_passphrase", "an easy password is refused")
same(sari.register().status, 202, "registering is taken")
same((sari.register().status, sari.register().body), (202, b"{}"), "and a second time it looks the same")
refused(desk.post("/account/v1/login", {"user": sari.user, "password": "salah"}), 401, "invalid_login", "a wrong password is refused")
unknown = desk.post("/account/v1/login", {"user": "siapa@contoh.example", "password": "salah"})
wrong = desk.post("/account/v1/login", {"user": sari.user, "password": "salah"})
same({k: v for k, v in unknown.json.items() if k != "server_time"}, {k: v for k, v in wrong.json.items() if k != "server_time"},
     "a user whom nobody knows is told the same")

step = desk.post("/account/v1/login", {"user": sari.user, "password": PASSWORD}).json
refused(desk.post("/account/v1/login/code", {"ticket": step["ticket"], "code": "000000"}), 400, "invalid_otp",
        "without a device no code is right")
enrolment = desk.post("/account/v1/login/enrol", {"ticket": step["ticket"], "name": "Ponsel"}).json
refused(desk.post("/account/v1/login/confirm", {"ticket": step["ticket"], "device": enrolment["device"], "code": "12345"}), 400,
        "invalid_otp", "a code that is too short does not enrol")
sari.otp = Authenticator(enrolment["key"])
now = int(time.time()) // 30
for steps, word in ((-10, "behind"), (10, "ahead")):
    answer = desk.post("/account/v1/login/confirm", {"ticket": step["ticket"], "device": enrolment["device"],
                                                     "code": sari.otp.at(now + steps)})
    refused(answer, 400, "otp_clock", "a code of a clock that is minutes %s is told so" % word)
    ok(any(c.isdigit() for c in answer.json.get("detail", "")), "and by how much", answer)
answer = desk.post("/account/v1/login/confirm", {"ticket": step["ticket"], "device": enrolment["device"], "code": sari.otp.code()})
sari.token, sari.refresh = answer.json["access_token"], answer.json["refresh_token"]
refused(desk.post("/account/v1/login/code", {"ticket": step["ticket"], "code": sari.otp.at(sari.otp.last + 1)}), 401,
        "invalid_token", "a ticket serves once")

# Many at once with one code, each with a ticket of its own; then once more.
tickets = [desk.post("/account/v1/login", {"user": sari.user, "password": PASSWORD}).json["ticket"] for _ in range(4)]
code = sari.otp.code()
told, answers = together(3, lambda i, c: desk.post("/account/v1/login/code", {"ticket": tickets[i], "code": code}, connection=c))
same((told[200], told["otp_used"]), (1, 2), "of three at once with one code, one gets in")
refused(desk.post("/account/v1/login/code", {"ticket": tickets[3], "code": code}), 400, "otp_used", "a code serves once")
refused(sari.post("/account/v1/devices/remove", {"id": enrolment["device"]}), 409, "wrong_state", "the last device stays")

# ---- the way to a certificate ----

terms = desk.post("/account/v1/terms").json["version"]
refused(sari.post("/account/v1/certificates/request", {"terms_version": "1999"}), 409, "terms_not_accepted",
        "other terms are not the ones in force")
refused(sari.post("/account/v1/certificates/request", {"terms_version": terms, "key": "rsa512"}), 400, "unsupported",
        "a key that nobody makes is refused")
sari.request()
refused(sari.request(), 409, "wrong_state", "one request at a time")
link = sari.link()
refused(desk.post("/account/v1/passphrase/set", {"link": link, "passphrase": "passphrase"}), 400, "weak_passphrase",
        "an easy passphrase is refused")
refused(desk.post("/account/v1/passphrase/set", {"link": "A" * 43, "passphrase": PASSPHRASE}), 400, "invalid_link",
        "a link of nobody's is refused")
page = desk.ask("GET", "/passphrase/" + link)
ok(page.status == 200 and b"Sari Contoh" in page.body and page.body.count(b"<form") == 1 and b"<script" not in page.body,
   "the page of a link has one form and no script", page)
same([page.headers[h] for h in ("Cache-Control", "Referrer-Policy", "X-Frame-Options", "X-Content-Type-Options")],
     ["no-store", "no-referrer", "DENY", "nosniff"], "and strict headers")
page = desk.form("/passphrase/" + link, {"passphrase": PASSPHRASE, "again": PASSPHRASE + "x"})
ok(page.status == 400 and b"<form" in page.body and PASSPHRASE.encode() not in page.body, "two that differ are asked for again")
page = desk.form("/passphrase/" + link, {"passphrase": "12345678", "again": "12345678"})
ok(page.status == 400 and b"<form" in page.body, "so is an easy one")
told, answers = together(3, lambda i, c: desk.post("/account/v1/passphrase/set", {"link": link, "passphrase": PASSPHRASE},
                                                   connection=c))
same((told[200], told["invalid_link"]), (1, 2), "of three at once with one link, one sets the passphrase")
refused(desk.post("/account/v1/passphrase/set", {"link": link, "passphrase": PASSPHRASE}), 400, "invalid_link", "a link serves once")
page = desk.ask("GET", "/passphrase/" + link)
ok(page.status == 400 and b"<form" not in page.body, "its page says so", page)
page = desk.ask("GET", "/passphrase/x", headers={"Accept-Language": "en"})
ok(page.status == 400 and b'lang="en"' in page.body, "in the language of the browser when nobody is known", page)

# ---- signing ----

answer = authorize(sari, 1, "salah sekali")
refused(answer, 400, "invalid_authentication_data", "a wrong passphrase is refused")
left = answer.json.get("tries_left", 0)
ok(left > 0, "and how many tries are left is told", answer)
same(authorize(sari, 1, "salah sekali").json.get("tries_left"), left - 1, "one less with each")
sad = authorize(sari, 40).json["SAD"]
told, answers = together(20, lambda i, c: sign(sari, sad, [7], c))
same((told[200], told["invalid_sad"]), (1, 19), "of twenty at once with one digest, one is signed")
told, answers = together(30, lambda i, c: sign(sari, sad, [8 + i], c))
same(told[200], 30, "thirty at once with thirty digests are all signed")
same(len({a.json["signatures"][0] for a in answers}), 30, "each with a signature of its own")
same(sign(sari, sad, [0, 0]).error, "invalid_sad", "the same digest twice in one call is one too many")
same(sign(sari, sad, [0, 1]).status, 200, "and costs nothing")
refused(sari.post("/account/v1/certificates/renew", {"id": sari.certificate, "terms_version": terms}), 409, "renewal_too_early",
        "renewal too early is told")
ok("retry_at" in sari.post("/account/v1/certificates/renew", {"id": sari.certificate, "terms_version": terms}).json, "and from when on")
refused(sari.post("/account/v1/passphrase/change", {"id": sari.certificate, "current": "salah sekali", "passphrase": PASSPHRASE}),
        400, "invalid_authentication_data", "changing the passphrase asks for the one before")
for _ in range(left + 2):
    answer = authorize(sari, 1, "salah sekali")
refused(answer, 429, "locked", "too many wrong passphrases lock the key")
ok(int(answer.headers.get("Retry-After", "0")) > 0 and "retry_at" in answer.json, "for a time that is told", answer)
refused(authorize(sari, 1), 429, "locked", "the right one is not taken then")
same(sign(sari, sad, [2]).status, 200, "what was authorised before is signed all the same")
refused(sari.post("/account/v1/certificates/revoke", {"id": sari.certificate, "reason": "bosan"}), 400, "invalid_request",
        "a reason that is none is refused")
same(sari.post("/account/v1/certificates/revoke", {"id": sari.certificate, "reason": "keyCompromise"}).json["state"], "REVOKE",
     "a certificate is revoked")
answer = sari.post("/account/v1/certificates/revoke", {"id": sari.certificate, "reason": "keyCompromise"})
ok(answer.status == 409 and answer.error in ("wrong_state", "certificate_revoked"), "twice is told", answer)
answer = sign(sari, sad, [3])
ok(answer.status == 400 and answer.error in ("certificate_revoked", "invalid_sad"), "it signs nothing any more", answer)
answer = authorize(sari, 1)
ok(answer.status in (400, 429), "and is authorised for nothing", answer)
same(desk.stop(), 0, "the service ends when it is told to")
log = open(desk.log).read()
secrets = [PASSWORD, PASSPHRASE, link, sari.token, sad, enrolment["key"], "otpauth"]
same([s for s in secrets if s in log], [], "the log has none of their secrets")
plan()
