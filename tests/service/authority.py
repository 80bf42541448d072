# SPDX-License-Identifier: GPL-3.0-or-later
"""What the built-in authority publishes, and the letters it sends, looked at with other people's programs: openssl for
certificates, OCSP, lists and time stamps, Python's own mail parser and, where it is installed, a mail server of Python's."""

import base64
import email
import email.policy
import os
import re
import ssl
import subprocess
import time

from desk import PASSPHRASE, Desk, Person, free_port, ok, plan, same

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, LoginPassword
except ImportError:
    Controller = None


def run(*arguments):
    """openssl; gives its status and all it said."""
    done = subprocess.run(["openssl"] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=desk.dir)
    return done.returncode, done.stdout.decode(errors="replace")


def put(name, data):
    with open(desk.file(name), "wb") as f:
        f.write(data)
    return name


def get(name):
    with open(desk.file(name), "rb") as f:
        return f.read()


def pem(name, der):
    text = base64.encodebytes(der).decode()
    return put(name, ("-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % text).encode())


def fetch(name, path, kind):
    answer = desk.ask("GET", path)
    same((answer.status, answer.headers["Content-Type"]), (200, kind), "%s is published" % path)
    return answer.body


def lists():
    """Both lists as PEM, one file, and how openssl finds the chain with them."""
    for name, path in (("issuing.crl", "/pki/issuing.crl"), ("root.crl", "/pki/root.crl")):
        put(name, fetch(name, path, "application/pkix-crl"))
        status, said = run("crl", "-inform", "DER", "-in", name, "-out", name + ".pem")
        same(status, 0, "openssl reads %s" % path)
    put("crls.pem", get("issuing.crl.pem") + get("root.crl.pem"))
    return run("verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "-CRLfile", "crls.pem", "-crl_check_all",
               "person.pem")


def ocsp(*more):
    """Asked and judged by openssl; carried by us."""
    status, said = run("ocsp", "-issuer", "issuing.pem", "-cert", "person.pem", "-reqout", "ocsp.req", *more)
    answer = desk.ask("POST", "/pki/ocsp", get("ocsp.req"), {"Content-Type": "application/ocsp-request"})
    same((answer.status, answer.headers["Content-Type"]), (200, "application/ocsp-response"), "OCSP is answered")
    put("ocsp.res", answer.body)
    status, said = run("ocsp", "-reqin", "ocsp.req", "-respin", "ocsp.res", "-CAfile", "root.pem", "-verify_other", "issuing.pem")
    ok(status == 0 and "Nonce" not in said.replace("WARNING: no nonce", "") and "Response verify OK" in said,
       "openssl takes it for the answer to its question", said)
    # Named again, the certificate's state is told; openssl then asks with a new nonce, which nobody answers.
    return run("ocsp", "-no_nonce", "-issuer", "issuing.pem", "-cert", "person.pem", "-respin", "ocsp.res", "-CAfile", "root.pem",
               "-verify_other", "issuing.pem")


desk = Desk("authority")
desk.start_server()
url = "https://localhost:%d" % desk.base[1]
wayan = Person(desk)
wayan.ready("p256")

# ---- certificates ----

pem("root.pem", fetch("root", "/pki/root.crt", "application/pkix-cert"))
pem("issuing.pem", fetch("issuing", "/pki/issuing.crt", "application/pkix-cert"))
chain = wayan.post("/account/v1/certificates/info", {"id": wayan.certificate}).json["chain"]
pem("person.pem", base64.b64decode(chain[0]))
same(len(chain), 3, "the certificate comes with its chain")
status, said = run("verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "person.pem")
ok(status == 0, "openssl finds the path, also by the strictest rules", said)
status, text = run("x509", "-in", "person.pem", "-noout", "-text")
for part in ("Digital Signature, Non Repudiation", "1.3.6.1.5.5.7.3.36", "1.2.840.113583.1.1.5", "CA:FALSE",
             "OCSP - URI:%s/pki/ocsp" % url, "CA Issuers - URI:%s/pki/issuing.crt" % url, "URI:%s/pki/issuing.crl" % url):
    ok(part in text, "it says %s" % part.replace(url, "URL"), text)
status, text = run("x509", "-in", "person.pem", "-noout", "-subject", "-nameopt", "RFC2253", "-serial")
ok("CN=Sari Contoh" in text and "C=ID" in text, "its subject is country, organisation and name", text)
status, text = run("x509", "-in", "issuing.pem", "-noout", "-text")
ok("CA:TRUE, pathlen:0" in text and "Certificate Sign, CRL Sign" in text, "the issuing authority can make no other", text)

# ---- whether they still hold ----

status, said = lists()
ok(status == 0, "openssl finds nobody revoked on the lists", said)
for more in ((), ("-sha256",), ("-no_nonce",)):
    status, said = ocsp(*more)
    ok(status == 0 and "Response verify OK" in said and "person.pem: good" in said, "openssl ocsp %s: good" % " ".join(more), said)
answer = desk.ask("GET", "/pki/ocsp/" + base64.b64encode(get("ocsp.req")).decode().replace("/", "%2F").replace("+", "%2B"))
put("ocsp.res", answer.body)
status, said = run("ocsp", "-no_nonce", "-issuer", "issuing.pem", "-cert", "person.pem", "-respin", "ocsp.res", "-CAfile",
                   "root.pem", "-verify_other", "issuing.pem")
ok(status == 0 and "person.pem: good" in said, "and the same by GET", said)
status, said = run("ocsp", "-issuer", "issuing.pem", "-serial", "0x1234", "-reqout", "other.req")
answer = desk.ask("POST", "/pki/ocsp", get("other.req"), {"Content-Type": "application/ocsp-request"})
put("other.res", answer.body)
status, said = run("ocsp", "-no_nonce", "-issuer", "issuing.pem", "-serial", "0x1234", "-respin", "other.res", "-CAfile", "root.pem",
                   "-verify_other", "issuing.pem")
ok("0x1234: unknown" in said, "what was never issued is unknown", said)
answer = desk.ask("POST", "/pki/ocsp", b"not a request", {"Content-Type": "application/ocsp-request"})
put("bad.res", answer.body)
status, said = run("ocsp", "-respin", "bad.res", "-noverify")
ok("malformedrequest" in said.lower(), "what is no request is told so", said)

# ---- time stamps ----

put("letter.txt", b"surat yang ada pada saat itu\n")
for digest, granted in (("sha256", True), ("sha384", True), ("sha512", True), ("sha1", False)):
    run("ts", "-query", "-data", "letter.txt", "-" + digest, "-cert", "-out", "ts.req")
    answer = desk.ask("POST", "/pki/tsa", get("ts.req"), {"Content-Type": "application/timestamp-query"})
    same(answer.headers["Content-Type"], "application/timestamp-reply", "a time stamp with %s is answered" % digest)
    put("ts.res", answer.body)
    status, said = run("ts", "-verify", "-queryfile", "ts.req", "-in", "ts.res", "-CAfile", "root.pem", "-untrusted", "issuing.pem")
    ok((status == 0 and "Verification: OK" in said) == granted, "openssl ts -verify, %s" % digest, said)
status, said = run("ts", "-query", "-data", "letter.txt", "-sha256", "-out", "ts.req")
put("letter.txt", b"surat lain\n")
answer = desk.ask("POST", "/pki/tsa", get("ts.req"), {"Content-Type": "application/timestamp-query"})
put("ts.res", answer.body)
status, said = run("ts", "-verify", "-data", "letter.txt", "-in", "ts.res", "-CAfile", "root.pem", "-untrusted", "issuing.pem")
ok(status != 0, "a stamp on one letter is none on another", said)

# ---- revoked ----

answer = wayan.post("/account/v1/certificates/revoke", {"id": wayan.certificate, "reason": "keyCompromise"})
same((answer.status, answer.json.get("state")), (200, "REVOKE"), "the certificate is revoked")
status, said = ocsp()
ok("person.pem: revoked" in said and "Reason: keyCompromise" in said and "Response verify OK" in said,
   "openssl ocsp: revoked, and why", said)
status, said = lists()
ok(status != 0 and "certificate revoked" in said, "openssl finds it on the list at once", said)


# ---- letters ----

def letters(address):
    found = []
    for folder, _, names in os.walk(desk.data):
        if os.path.basename(folder) in ("new", "cur"):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    message = email.message_from_binary_file(f, policy=email.policy.default)
                if message["To"] == address:
                    found.append(message)
    return found


end = time.time() + 20
while time.time() < end and not any("dicabut" in m["Subject"] for m in letters(wayan.user)):
    time.sleep(0.05)
found = {m["Subject"]: m for m in letters(wayan.user)}
for word in ("Perangkat baru", "Buat passphrase", "sudah berlaku", "dicabut"):
    ok(any(word in subject for subject in found), "a letter says: %s" % word, list(found))
for subject, message in found.items():
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    ok(not message.defects and text is not None and html is not None and message["Auto-Submitted"] == "auto-generated" and
       "Sari Contoh" in text.get_content() and "Sari Contoh" in html.get_content(), "it is well formed: %s" % subject, message)
ok(desk.stop() == 0, "it ends as it should")

# ---- by way of a mail server ----


class Handler:
    def __init__(self):
        self.messages = []
        self.refuse = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuse:
            return self.refuse.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((session.ssl is not None, envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def authenticator(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.login == b"besign" and data.password == b"kata sandi surel"
    return AuthResult(success=good, handled=False) if not good else AuthResult(success=True)


def wait_for(what, seconds=30):
    limit = time.time() + seconds
    while time.time() < limit:
        if what():
            return True
        time.sleep(0.05)
    return False


def log_has(text):
    with open(desk.log) as f:
        return text in f.read()


if Controller is not None:
    desk = Desk("smtp")
    desk._certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(desk.file("tls.crt"), desk.file("tls.key"))
    handler = Handler()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
                            authenticator=authenticator, auth_required=True)
    controller.start()
    put("password", b"kata sandi surel\n")
    os.chmod(desk.file("password"), 0o600)
    settings = {"mail": "smtp", "smtp_url": "smtp://localhost:%d" % port, "smtp_user": "besign",
                "smtp_password_file": desk.file("password"), "smtp_ca_file": desk.file("tls.crt"),
                "mail_from": "Layanan Uji <noreply@contoh.example>"}
    # The first letter is put off by the server, as busy ones do.
    handler.refuse = ["451 4.3.0 come back later"]
    desk.start_server(**settings)
    made = Person(desk, 2)
    for answer in (made.register(), made.enrol(), made.request("p256")):
        ok(answer.status < 300, "the way to a certificate", answer)
    ok(wait_for(lambda: len(handler.messages) >= 1), "a letter comes through a mail server", open(desk.log).read())
    ok(wait_for(lambda: log_has('"mail.later"')), "one that was put off waits")
    tls, sender, to, content = handler.messages[0]
    ok(tls and sender == "noreply@contoh.example" and to == [made.user], "under TLS, from and to whom it should", sender, to)
    message = email.message_from_bytes(content, policy=email.policy.default)
    links = re.findall(r"/passphrase/([A-Za-z0-9_-]{43})", message.get_body(("plain",)).get_content())
    same(len(links), 1, "with its link")
    same(made.set_passphrase(links[0]).status, 200, "which sets the passphrase")
    ok(wait_for(lambda: len(handler.messages) >= 2), "and the next letter tells so")
    ok(desk.stop() == 0, "it ends as it should")
    controller.stop()

    # A server without TLS gets nothing at all, a wrong password no letter.
    plain = Handler()
    controller = Controller(plain, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings["smtp_url"] = "smtp://localhost:%d" % controller.port
    desk.start_server(**settings)
    nyoman = Person(desk, 3)
    ok(nyoman.register().status < 300 and nyoman.enrol().status < 300, "somebody else comes")
    ok(wait_for(lambda: open(desk.log).read().count('"mail.later"') >= 2), "a letter for a server without TLS waits", open(desk.log).read())
    same(plain.messages, [], "and is not sent")
    ok(desk.stop() == 0, "it ends as it should")
    controller.stop()
    secret = [name for name in (b"kata sandi surel", links[0].encode(), PASSPHRASE.encode()) if name in get("log")]
    same(secret, [], "no secret is in the log")
else:
    ok(True, "letters through a mail server # SKIP python3-aiosmtpd is not installed")
plan()
