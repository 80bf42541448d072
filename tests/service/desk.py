# SPDX-License-Identifier: GPL-3.0-or-later
"""A besignd of its own for tests written in Python, and an invented person who uses it.

Nothing of the program's own code is used: requests are made with the standard library, so that what is proved here is
proved about the bytes that travel. Prints TAP. Needs BUILD, TOP and TMP, as tests/run sets them."""

import base64
import email
import email.policy
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse

# A machine without /etc/hosts does not know its own name; certificates are made for that name all the same.
_resolve = socket.getaddrinfo


def _resolve_here(host, *rest, **more):
    return _resolve("127.0.0.1" if host == "localhost" else host, *rest, **more)


socket.getaddrinfo = _resolve_here

TMP = os.environ["TMP"]
BESIGND = os.environ.get("BESIGND", os.path.join(os.environ["BUILD"], "besignd"))
PASSWORD = "kata sandi Sari 2026"
PASSPHRASE = "frasa rahasia Sari 2026"

# ---- TAP ----

_number = 0
_bad = False


def ok(held, text, *found):
    global _number, _bad
    _number += 1
    print(("ok" if held else "not ok"), _number, "-", text)
    if not held:
        _bad = True
        for thing in found:
            for line in str(thing)[:2000].splitlines():
                print("# found:", line)
    sys.stdout.flush()
    return held


def same(found, wanted, text):
    return ok(found == wanted, text, "%r, not %r" % (found, wanted))


def plan():
    print("1..%d" % _number)
    sys.exit(1 if _bad else 0)


# ---- HTTP ----

class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        try:
            return self.json.get("error")
        except ValueError:
            return None

    def __repr__(self):
        return "%d %s" % (self.status, self.body[:500])


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


# ---- one-time codes (RFC 6238) ----

class Authenticator:
    """Gives each code once: the service takes none twice. Begins one step early, so that three come without waiting."""

    def __init__(self, key):
        self.key = base64.b32decode(key + "=" * (-len(key) % 8))
        self.last = 0

    def at(self, step):
        digest = hmac.new(self.key, step.to_bytes(8, "big"), hashlib.sha1).digest()
        start = digest[-1] & 15
        return "%06d" % ((int.from_bytes(digest[start:start + 4], "big") & 0x7FFFFFFF) % 1000000)

    def code(self):
        now = int(time.time()) // 30
        step = max(self.last + 1, now - 1)
        # The window has one step after this moment: whoever wants more waits for the time to pass.
        while step > int(time.time()) // 30 + 1:
            time.sleep(0.2)
        self.last = step
        return self.at(step)


# ---- the service ----

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Desk:
    def __init__(self, name):
        self.dir = os.path.join(TMP, name)
        os.mkdir(self.dir, 0o700)
        self.socket = os.path.join(self.dir, "s")
        self.data = os.path.join(self.dir, "data")
        self.log = os.path.join(self.dir, "log")
        self.process = None
        self.base = None
        self.tls = None

    def file(self, name):
        return os.path.join(self.dir, name)

    def start_embedded(self):
        self._start(["--embedded", "--data", self.data, "--socket", self.socket])

    def start_server(self, **settings):
        """A server with TLS on the loopback interface, registration open, mail in a Maildir."""
        port = free_port()
        self._certificate()
        lines = {"data": self.data, "listen": "127.0.0.1:%d" % port, "socket": self.socket,
                 "public-url": "https://localhost:%d" % port, "tls-certificate": self.file("tls.crt"),
                 "tls-key": self.file("tls.key"), "registration": "open", "mail": "maildir"}
        lines.update({name.replace("_", "-"): value for name, value in settings.items()})
        config = self.file("besignd.conf")
        with open(config, "w") as f:
            for name, value in lines.items():
                if value is not None:
                    f.write("%s = %s\n" % (name, value))
        self.base = ("localhost", port)
        self.tls = ssl.create_default_context(cafile=self.file("tls.crt"))
        self._start(["--config", config])

    def _certificate(self):
        if os.path.exists(self.file("tls.key")):
            return
        os.umask(0o077)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", self.file("tls.key"), "-out", self.file("tls.crt")],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _start(self, arguments):
        # As systemd would: it says when it listens.
        notify = self.file("notify")
        if os.path.exists(notify):
            os.unlink(notify)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(notify)
            ready.settimeout(0.5)
            end = time.time() + 90
            # It looks at a small machine, so that deriving keys takes as little time as it may.
            environment = dict(os.environ, NOTIFY_SOCKET=notify, ASAN_OPTIONS="verify_asan_link_order=0",
                               LD_PRELOAD=os.path.join(os.environ["BUILD"], "tests", "iofault.so"))
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen([BESIGND] + arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                env=environment)
            while True:
                try:
                    if b"READY=1" in ready.recv(4096):
                        return
                except socket.timeout:
                    if self.process.poll() is not None or time.time() > end:
                        raise SystemExit("besignd does not listen: " + open(self.log).read()[-2000:])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        self.process = None
        return status

    def connection(self):
        if self.base is not None:
            return http.client.HTTPSConnection(self.base[0], self.base[1], context=self.tls, timeout=60)
        return _UnixConnection(self.socket)

    def ask(self, method, path, body=None, headers=None, connection=None):
        connection = connection or self.connection()
        connection.request(method, path, body=body, headers=headers or {})
        return Answer(connection.getresponse())

    def post(self, path, members=None, token=None, raw=None, connection=None):
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        body = raw if raw is not None else json.dumps(members if members is not None else {})
        return self.ask("POST", path, body, headers, connection)

    def form(self, path, pairs, headers=None):
        headers = dict(headers or {}, **{"Content-Type": "application/x-www-form-urlencoded"})
        return self.ask("POST", path, urllib.parse.urlencode(pairs), headers)

    def links(self, address):
        """The one-time links in the Maildir for one address, newest last."""
        mails = []
        for folder, _, names in os.walk(self.data):
            if os.path.basename(folder) in ("new", "cur"):
                mails += [os.path.join(folder, name) for name in names]
        found = []
        for mail in sorted(mails, key=lambda m: os.stat(m).st_mtime_ns):
            with open(mail, "rb") as f:
                message = email.message_from_binary_file(f, policy=email.policy.default)
            if address not in message["To"]:
                continue
            text = message.get_body(("plain",)).get_content()
            found += re.findall(r"\S*/passphrase/([A-Za-z0-9_-]{43})", text)
        return found


class Person:
    """Registers, enrols a device, and asks for a certificate, with the account API."""

    def __init__(self, desk, number=1):
        self.desk = desk
        self.user = "sari%d@contoh.example" % number
        self.otp = None
        self.token = None
        self.refresh = None
        self.certificate = None

    def register(self):
        return self.desk.post("/account/v1/register", {"user": self.user, "name": "Sari Contoh", "language": "id",
                                                       "password": PASSWORD})

    def enrol(self):
        step = self.desk.post("/account/v1/login", {"user": self.user, "password": PASSWORD}).json
        enrolment = self.desk.post("/account/v1/login/enrol", {"ticket": step["ticket"], "name": "Ponsel"}).json
        self.otp = Authenticator(enrolment["key"])
        answer = self.desk.post("/account/v1/login/confirm", {"ticket": step["ticket"], "device": enrolment["device"],
                                                              "code": self.otp.code()})
        if answer.status == 200:
            self.token = answer.json["access_token"]
            self.refresh = answer.json["refresh_token"]
        return answer

    def sign_in(self):
        """Again, with the device that is there."""
        step = self.desk.post("/account/v1/login", {"user": self.user, "password": PASSWORD}).json
        answer = self.desk.post("/account/v1/login/code", {"ticket": step["ticket"], "code": self.otp.code()})
        if answer.status == 200:
            self.token = answer.json["access_token"]
            self.refresh = answer.json["refresh_token"]
        return answer

    def post(self, path, members=None):
        return self.desk.post(path, members, self.token)

    def request(self, key="rsa3072"):
        terms = self.desk.post("/account/v1/terms").json["version"]
        answer = self.post("/account/v1/certificates/request", {"terms_version": terms, "key": key})
        if answer.status == 201:
            self.certificate = answer.json["id"]
        return answer

    def link(self):
        """Waits for the letter: it is carried by a thread of its own."""
        end = time.time() + 30
        while not self.desk.links(self.user):
            if time.time() > end:
                raise SystemExit("no letter came")
            time.sleep(0.05)
        return self.desk.links(self.user)[-1]

    def set_passphrase(self, link=None):
        return self.desk.post("/account/v1/passphrase/set", {"link": link or self.link(), "passphrase": PASSPHRASE})

    def ready(self, key="rsa3072"):
        """The whole way to ISSUE; everything on it has to work."""
        for answer in (self.register(), self.enrol(), self.request(key), self.set_passphrase()):
            if answer.status >= 300:
                raise SystemExit("the way to a certificate failed: %r" % answer)
