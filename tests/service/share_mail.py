# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents by mail: what arrives at a mail server of others, read by Python's own email package; and servers of bad days."""

import email
import email.policy
import os
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from desk import ok, plan, same
from share_desk import HOME, NAMES, SECRET, Share, WORK, nothing_kept, read, settings, share, write

TO = ["budi@contoh.example", "dewi@contoh.example"]

subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "tls.key", "-out", "tls.crt"],
               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Handler:
    def __init__(self):
        self.messages, self.rcpt, self.data = [], {}, "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data is None:
            server.transport.abort()
            return "250 never heard"
        if self.data.startswith("250"):
            self.messages.append((session.ssl is not None, envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.data


tried = []


def authenticator(server, session, envelope, mechanism, data):
    tried.append(session.ssl is not None)
    good = isinstance(data, LoginPassword) and data.login == b"sari" and data.password == SECRET.encode()
    return AuthResult(success=True) if good else AuthResult(success=False, handled=False)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def serve(handler, **how):
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), data_size_limit=1 << 27, **how)
    controller.start()
    return controller


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("tls.crt", "tls.key")
handler = Handler()
server = serve(handler, tls_context=context, require_starttls=True, authenticator=authenticator, auth_required=True)


def use(port, security="starttls", authorities=os.path.join(WORK, "tls.crt"), user="sari"):
    settings(mail_from="sari@contoh.example", mail_server="localhost:%d" % port, mail_security=security,
             mail_authorities=authorities, mail_user=user)


use(server.port)
for i, name in enumerate(NAMES):
    # Lines of one dot, bare line ends and a length of every remainder are what transports trip over.
    write(name, b"%PDF-1.7\n.\r\n..\n\r" + bytes(range(256)) * (40 + i) + b"\n.\n" + b"x" * i)
write("besar.pdf", b"%PDF-1.7\n" + os.urandom(3 << 20))
write("catatan.txt", b"bukan PDF")

# ---- what arrives ----

sent = share("--mail", TO[0], "--mail", TO[1], "--subject", "Surat \u2013 perjanjian \u6f22\u5b57 " + "panjang " * 20,
             "--message", "Halo,\n.\nterlampir \u2713 = selesai", "--json", "--", *NAMES, password=SECRET)
ok(sent.status == 0 and [r["result"] for r in sent.json] == ["done"] * len(NAMES) and
   all(r["way"] == "mail" and r["target"] == ", ".join(TO) and r["error"] is None for r in sent.json), "a letter with many documents goes", sent)
same(len(handler.messages), 1, "as one letter")
secure, mail_from, rcpt, raw = handler.messages.pop()
ok(secure and mail_from == "sari@contoh.example" and rcpt == TO, "by TLS, to everybody", secure, mail_from, rcpt)
letter = email.message_from_bytes(raw, policy=email.policy.default)
ok(letter["To"] == "budi@contoh.example, dewi@contoh.example" or [a.addr_spec for a in letter["To"].addresses] == TO, "its header names them", letter["To"])
same(letter["Subject"], "Surat \u2013 perjanjian \u6f22\u5b57 " + ("panjang " * 20), "the subject is what was said")
same(letter["Bcc"], None, "no name of a file became a header")
ok(letter["From"].addresses[0].addr_spec == "sari@contoh.example" and letter["Date"] is not None and
   letter["Message-ID"].endswith("@contoh.example>") and not letter.defects, "it is a whole letter", letter.defects)
same(letter.get_body(("plain",)).get_content().replace("\r\n", "\n"), "Halo,\n.\nterlampir \u2713 = selesai\n", "the message is what was said")
parts = list(letter.iter_attachments())
same(len(parts), len(NAMES), "every document is in it")
for part, name in zip(parts, NAMES):
    same(part.get_content(), read(name), "the bytes of %r" % name)
    told = part.get_filename()
    wanted = name.decode(errors="replace").replace("\r", "_").replace("\n", "_").replace("\\", "_").replace("\u202e", "_")
    same(told, wanted, "its name")
    same(part.get_content_type(), "application/pdf", "its type")
ok(max(len(line) for line in raw.split(b"\r\n")) <= 998 and b"\n" not in raw.replace(b"\r\n", b"") and all(c < 128 for c in raw),
   "lines as mail has them")
sent = share("--mail", ", ".join(TO), "besar.pdf", "catatan.txt", password=SECRET)
letter = email.message_from_bytes(handler.messages.pop()[3], policy=email.policy.default)
parts = list(letter.iter_attachments())
ok(sent.status == 0 and sent.out.startswith("sent  besar.pdf -> budi@contoh.example, dewi@contoh.example\n") and
   letter["Subject"] == "2 documents" and parts[0].get_content() == read("besar.pdf") and
   parts[1].get_content_type() == "application/octet-stream", "without words a letter says what is in it", sent, letter["Subject"])
ok(nothing_kept(), "the password is kept nowhere")

# ---- who is refused ----


def fails(status, text, *arguments, words="", password=SECRET, **more):
    before = len(handler.messages)
    run = share("--mail", TO[0], *arguments, "surat.pdf", password=password, **more)
    good = run.status == status and run.out == "" and len(run.err.splitlines()) == 1 and words in run.err
    return ok(good and len(handler.messages) == before, text, run)


fails(5, "a wrong password", password="salah", words="user and password")
use(server.port, authorities="")
del tried[:]
fails(4, "a server whose certificate leads nowhere", words="could not prove who it is")
same(tried, [], "hears no password")
use(server.port, authorities="/hilang.pem")
fails(2, "authorities that are not there", words="cannot be read")
plain = serve(Handler(), authenticator=authenticator, auth_require_tls=False)
use(plain.port)
del tried[:]
fails(4, "a server without TLS")
same((tried, plain.handler.messages), ([], []), "hears no password, and no letter")
use(plain.port, security="none", user="")
ok(share("--mail", TO[0], "surat.pdf").status == 0 and len(plain.handler.messages) == 1, "but on this computer it may be without, when that is set")
settings(mail_from="sari@contoh.example", mail_server="contoh.invalid:25", mail_security="none")
fails(4, "another computer is not spoken to without TLS", password=None)
use(free_port())
fails(4, "a server that is not there", words="could not be reached")
inside = Controller(handler, hostname="127.0.0.1", port=free_port(), ssl_context=context, authenticator=authenticator,
                    auth_required=True, auth_require_tls=False)


def knock():
    """The controller's own way of finding out whether it runs takes the server's context for a client's."""
    anybody = ssl.create_default_context(cafile="tls.crt")
    anybody.wrap_socket(socket.create_connection(("127.0.0.1", inside.port)), server_hostname="localhost").close()


inside._trigger_server = knock
inside.start()
use(inside.port, security="tls")
ok(share("--mail", TO[0], "surat.pdf", password=SECRET).status == 0 and len(handler.messages) == 1, "TLS from the beginning")
handler.messages.clear()
use(server.port)

# ---- servers of bad days ----

handler.rcpt = {TO[1]: "550 5.1.1 no such person"}
run = share("--mail", TO[0], "--mail", TO[1], "surat.pdf", password=SECRET)
ok(run.status == 4 and "no such person" in run.err and handler.messages == [], "one who cannot get it keeps it from all", run)
handler.rcpt = {TO[0]: "451 4.7.1 come back later\x1b[31m"}
run = share("--mail", TO[0], "surat.pdf", password=SECRET)
ok(run.status == 4 and "come back later" in run.err and "\x1b" not in run.err, "a server that is busy, and what it says is made harmless", run)
handler.rcpt, handler.data = {}, "552 5.3.4 too large for us"
fails(4, "a letter that is too large for the server", words="552 5.3.4 too large for us")
handler.data = None
run = share("--mail", TO[0], "--json", "surat.pdf", "catatan.txt", password=SECRET)
ok(run.status == 6 and [(r["result"], r["error"]["code"]) for r in run.json] == [("unknown", "unknown-outcome")] * 2,
   "no answer to the last dot is neither done nor failed", run)
handler.data = "250 OK"
with open("raksasa.pdf", "wb") as f:
    f.truncate((50 << 20) + 1)
run = share("--mail", TO[0], "raksasa.pdf", password=SECRET)
ok(run.status == 2 and "larger than a letter may be" in run.err and "50 MiB" in run.err, "more than a letter takes is said before anybody is asked", run)
run = share("--mail", TO[0], "surat.pdf", "hilang.pdf", password=SECRET)
ok(run.status == 2 and "hilang.pdf" in run.err and handler.messages == [], "without one of the documents there is no letter", run)
run = share("--mail", ",".join("a%d@contoh.example" % i for i in range(51)), "surat.pdf", password=SECRET)
ok(run.status == 2 and "more recipients" in run.err and handler.messages == [], "more than fifty recipients", run)
write(os.path.join(HOME, ".config", "besign", "config"), b"mail-from = sari@contoh.example\nmail-security = aman\n")
run = share("--mail", TO[0], "surat.pdf")
ok(run.status == 2 and "line 2" in run.err, "settings that are not understood send nothing", run)

# ---- cancelling: a server that never says a word ----

silent = socket.create_server(("127.0.0.1", 0))
use(silent.getsockname()[1], user="")
run = Share("--mail", TO[0], "surat.pdf")
connection, _ = silent.accept()
run.interrupt()
ok(run.status == 130, "an interrupt ends it", run)


def half_a_server():
    """Takes the letter as far as it comes, and answers nothing more."""
    talk, _ = silent.accept()
    stream = talk.makefile("rwb")
    for answer in (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go"):
        stream.write(answer + b"\r\n")
        stream.flush()
        if answer != b"354 go":
            stream.readline()
    while True:
        line = stream.readline()
        if line in (b".\r\n", b""):
            break
    has_it.set()
    stream.read()


use(silent.getsockname()[1], user="", security="none")
has_it = threading.Event()
threading.Thread(target=half_a_server, daemon=True).start()
run = Share("--mail", TO[0], "surat.pdf", "--json").begin()
ok(has_it.wait(60), "a server has the whole letter")
run.interrupt()
ok(run.status == 6 and run.json[0]["result"] == "unknown", "and an interrupt then does not say that it was not sent", run)
for controller in (server, plain):
    controller.stop()
plan()
