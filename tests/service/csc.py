# SPDX-License-Identifier: GPL-3.0-or-later
"""An independent client of the CSC API obtains its token and signs; OpenSSL verifies what came of it."""

import hashlib
import subprocess

from csc_client import Client, Refused, _Form
from desk import PASSPHRASE, PASSWORD, Desk, Person, ok, plan, same

RSA, ECDSA_SHA256 = "1.2.840.113549.1.1.1", "1.2.840.10045.4.3.2"


def refused(what, call, status, error=None):
    try:
        found = call()
    except Refused as no:
        return ok(no.status == status and (error is None or no.error == error), what, no)
    return ok(False, what, found)


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True)


def write(path, content):
    with open(path, "wb") as f:
        f.write(content)


def verified(desk, certificate, document, signature):
    write(desk.file("document"), document)
    write(desk.file("signature"), signature)
    write(desk.file("leaf.der"), certificate)
    key = openssl("x509", "-inform", "DER", "-in", desk.file("leaf.der"), "-noout", "-pubkey").stdout
    write(desk.file("key.pem"), key.encode())
    return openssl("dgst", "-sha256", "-verify", desk.file("key.pem"), "-signature", desk.file("signature"),
                   desk.file("document"))


def key_of(credential):
    import base64
    return [base64.b64decode(c) for c in credential["cert"]["certificates"]]


desk = Desk("csc")
desk.start_server(batch_max="5", oauth_clients="arsip https://arsip.example/jawab")
sari = Person(desk)
sari.ready()

# ---- a token, the way a browser goes ----

client = Client("localhost", desk.base[1], desk.tls)
ok(client.info["specs"].startswith("2.") and "signatures/signHash" in client.info["methods"], "info says what it can", client.info)
response, page, _ = client.page("x" * 43, "s")
form = _Form(page)
same((response.status, form.forms, form.foreign), (200, 1, []), "the page has one form and nothing foreign")
same([form.types[name] for name in ("user", "password", "code")], ["text", "password", "text"], "it asks for three things")
policy = response.getheader("Content-Security-Policy")
ok("default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy and
   "form-action 'self' http://127.0.0.1:47110" in policy, "its policy allows its style and its form alone", policy)
same(response.getheader("Cache-Control"), "no-store", "it is kept nowhere")

refused("a wrong password is refused on the page", lambda: client.sign_in(sari.user, "salah", "000000"), 401)
refused("so is a wrong code", lambda: client.sign_in(sari.user, PASSWORD, "000000"), 401)
refused("and a user whom nobody knows", lambda: client.sign_in("siapa@contoh.example", PASSWORD, "000000"), 401)
answer = client.sign_in(sari.user, PASSWORD, sari.otp.code())
good = client.verifier
client.verifier = "y" * 43
refused("a code without its verifier is worth nothing", lambda: client.redeem(answer["code"]), 400, "invalid_grant")
client.verifier = good
refused("and it is spent by that", lambda: client.redeem(answer["code"]), 400, "invalid_grant")
answer = client.sign_in(sari.user, PASSWORD, sari.otp.code())
tokens = client.redeem(answer["code"])
same(tokens["token_type"], "Bearer", "a token for the right one")

# ---- the credential ----

ids = client.call("credentials/list", {"onlyValid": True})["credentialIDs"]
same(ids, [sari.certificate], "one credential is listed")
credential = client.call("credentials/info", {"credentialID": ids[0], "certificates": "chain", "certInfo": True,
                                              "authInfo": True})
ok(RSA in credential["key"]["algo"] and credential["key"]["len"] == 3072, "its key is RSA 3072", credential["key"])
same(credential["auth"]["objects"][0]["id"], "passphrase", "it asks for the passphrase")
same((credential["SCAL"], credential["multisign"]), ("2", 5), "digests are named, five at a time")
infos = client.call("credentials/list", {"credentialInfo": True, "certificates": "single", "certInfo": True})
same(infos["credentialInfos"][0]["cert"]["subjectDN"], credential["cert"]["subjectDN"], "the list says the same of it")
chain = key_of(credential)
same(len(chain), 3, "the whole chain comes with it")
for name, der in zip(("leaf", "issuing", "root"), chain):
    write(desk.file(name + ".der"), der)
    openssl("x509", "-inform", "DER", "-in", desk.file(name + ".der"), "-out", desk.file(name + ".pem"))
crl = desk.ask("GET", "/pki/issuing.crl")
same((crl.status, crl.headers["Content-Type"]), (200, "application/pkix-crl"), "the list of revoked certificates is there")
write(desk.file("list"), crl.body)
openssl("crl", "-inform", "DER", "-in", desk.file("list"), "-out", desk.file("list.pem"))
judged = openssl("verify", "-CAfile", desk.file("root.pem"), "-untrusted", desk.file("issuing.pem"), "-crl_check",
                 "-CRLfile", desk.file("list.pem"), desk.file("leaf.pem"))
ok(judged.returncode == 0, "openssl verifies the chain against it", judged.stderr)

# ---- signing ----

documents = [("Surat nomor %d" % i).encode() for i in range(5)]
digests = [hashlib.sha256(d).digest() for d in documents]
refused("a wrong passphrase is refused", lambda: client.authorize(ids[0], digests, "salah sekali"), 400,
        "invalid_authentication_data")
sad = client.authorize(ids[0], digests, PASSPHRASE)
other = hashlib.sha256(b"lain").digest()
refused("a digest that was not named is not signed", lambda: client.sign(ids[0], sad, [other], RSA), 400, "invalid_sad")
first = client.sign(ids[0], sad, digests[:2], RSA)
rest = client.sign(ids[0], sad, digests[2:], RSA)
judged = [verified(desk, chain[0], d, s) for d, s in zip(documents, first + rest)]
ok(all(j.returncode == 0 for j in judged), "openssl verifies five signatures, in their order", *[j.stdout for j in judged])
refused("the authorisation is used up", lambda: client.sign(ids[0], sad, digests[:1], RSA), 400, "invalid_sad")
refused("more than the credential allows is too many", lambda: client.authorize(ids[0], digests + [other], PASSPHRASE), 400)
sad = client.authorize(ids[0], digests[:3], PASSPHRASE)
client.sign(ids[0], sad, digests[:1], RSA)
more = client.extend(ids[0], sad, [other])
refused("an extended authorisation ends the one before", lambda: client.sign(ids[0], sad, digests[1:2], RSA), 400, "invalid_sad")
ok(verified(desk, chain[0], b"lain", client.sign(ids[0], more, [other], RSA)[0]).returncode == 0, "and signs what it names")
refused("an algorithm of another key is refused", lambda: client.sign(ids[0], client.authorize(ids[0], digests[:1], PASSPHRASE),
        digests[:1], ECDSA_SHA256), 400)
refused("so is a digest of another length", lambda: client.authorize(ids[0], [b"x" * 20], PASSPHRASE), 400, "invalid_request")

# ---- time stamp ----

write(desk.file("token"), client.timestamp(digests[0], "0102030405060708"))
judged = openssl("ts", "-verify", "-digest", digests[0].hex(), "-in", desk.file("token"), "-token_in", "-CAfile",
                 desk.file("root.pem"), "-untrusted", desk.file("issuing.pem"))
ok(judged.returncode == 0, "openssl verifies the time stamp", judged.stderr)
refused("a nonce that is none is refused", lambda: client.timestamp(digests[0], "xyz"), 400, "invalid_request")

# ---- tokens: their scope, their end ----

same(desk.post("/account/v1/devices/list", {}, client.token).status, 403, "such a token opens no account")
old_token, old_refresh = client.token, client.refresh_token
client.refresh()
ok(client.token != old_token and client.refresh_token != old_refresh, "a refresh token gives new ones")
same(client.call("credentials/list", {})["credentialIDs"], ids, "the new one works")
same(client.revoke(client.token), 204, "a token is revoked")
refused("and opens nothing any more", lambda: client.call("credentials/list", {}), 401, "invalid_token")
refused("nor does its refresh token", lambda: client.refresh(), 400, "invalid_grant")
same(client.revoke("nothing"), 204, "revoking one that is none is no error")

thief = Client("localhost", desk.base[1], desk.tls, client_id="besign")
thief.refresh(sari.refresh)
now = thief.refresh_token
refused("a refresh token that comes twice was stolen", lambda: thief.refresh(sari.refresh), 400, "invalid_grant")
refused("which ends all that came of it", lambda: thief.refresh(now), 400, "invalid_grant")
refused("at once", lambda: thief.call("credentials/list", {}), 401, "invalid_token")

# ---- clients that may not ask ----

for what, more in (("an address elsewhere", {"redirect_uri": "https://jahat.example/"}),
                   ("an address that only begins like this machine", {"redirect_uri": "http://127.0.0.1.jahat.example/"}),
                   ("a user in front of another machine", {"redirect_uri": "http://127.0.0.1@jahat.example/"}),
                   ("a known client with another address", {"client_id": "arsip", "redirect_uri": "https://arsip.example/lain"}),
                   ("no client", {"client_id": ""})):
    response, page, _ = client.page("x" * 43, "s", **more)
    ok(response.status == 400 and response.getheader("Location") is None and "<form" not in page, what + " is sent nowhere",
       response.status)
response, page, _ = client.page("x" * 43, "s", client_id="arsip", redirect_uri="https://arsip.example/jawab")
ok(response.status == 200 and "https://arsip.example" in page, "one that is configured may ask")
for what, more, error in (("without PKCE", {"code_challenge": ""}, "invalid_request"),
                          ("with a plain challenge", {"code_challenge_method": "plain"}, "invalid_request"),
                          ("for a token in the address", {"response_type": "token"}, "unsupported_response_type"),
                          ("for everything", {"scope": "account"}, "invalid_scope")):
    response, page, _ = client.page("x" * 43, "s", **more)
    ok(response.status == 303 and "error=" + error in response.getheader("Location") and "state=s" in
       response.getheader("Location"), "asking %s is told %s" % (what, error), response.getheader("Location"))
metadata = desk.ask("GET", "/.well-known/oauth-authorization-server").json
same(metadata["issuer"] + "/oauth2/token", metadata["token_endpoint"], "the metadata name the endpoints")

# ---- P-256 ----

budi = Person(desk, 2)
budi.ready("p256")
client.token = budi.token
ids = client.call("credentials/list", {})["credentialIDs"]
credential = client.call("credentials/info", {"credentialID": ids[0]})
same((credential["key"]["len"], credential["key"]["curve"]), (256, "1.2.840.10045.3.1.7"), "another key is P-256")
sad = client.authorize(ids[0], digests[:1], PASSPHRASE)
judged = verified(desk, key_of(credential)[0], documents[0], client.sign(ids[0], sad, digests[:1], ECDSA_SHA256)[0])
ok(judged.returncode == 0, "openssl verifies its signature", judged.stdout)
refused("one person's credential is nobody else's", lambda: client.call("credentials/info", {"credentialID": sari.certificate}), 400,
        "invalid_request")
refused("to sign with, either", lambda: client.authorize(sari.certificate, digests[:1], PASSPHRASE), 400)

same(desk.stop(), 0, "the service ends when it is told to")
plan()
