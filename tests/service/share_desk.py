# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who shares documents: a home, documents of hostile names, and besign share run in it. Prints TAP by desk.py."""

import json
import os
import signal
import subprocess

TMP = os.environ["TMP"]
BESIGN = os.environ["BESIGN"]
HOME = os.path.join(TMP, "home")
WORK = os.path.join(TMP, "work")
SECRET = "kata sandi Sari 2026"

# Names that end headers, hide their ending, are no UTF-8, or mean something to a shell and to a URL.
NAMES = [
    b"surat.pdf",
    b"surat kuasa (final) #2 100%.pdf",
    "perjanjian \u201ckerja\u201d \u6f22\u5b57 \U0001f600.pdf".encode(),
    b'a"b; name=lain.exe\\.pdf',
    b"baris\r\nBcc: semua@contoh.example\r\n\r\n.pdf",
    "gpj.\u202efdp.pdf".encode(),
    b"latin\xe9.pdf",
    b"=?UTF-8?B?YQ==?=.pdf",
    b"-f.pdf",
    b"n" * 200 + b".pdf",
]

for place in (HOME, WORK, os.path.join(HOME, ".ssh"), os.path.join(HOME, ".config", "besign")):
    os.makedirs(place, mode=0o700, exist_ok=True)
os.chdir(WORK)
environment = dict(os.environ, HOME=HOME, BESIGN_LANG="en", LC_ALL="C.UTF-8")
for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "SSH_AUTH_SOCK", "TMPDIR"):
    environment.pop(name, None)


def write(name, content):
    with open(name, "wb") as f:
        f.write(content)


def read(name):
    with open(name, "rb") as f:
        return f.read()


def settings(**values):
    with open(os.path.join(HOME, ".config", "besign", "config"), "w") as f:
        for name, value in values.items():
            f.write("%s = %s\n" % (name.replace("_", "-"), value))


class Share:
    """One run: with a password, on a descriptor; or several steps, when it is to be interrupted."""

    def __init__(self, *arguments, password=None, **more):
        command = [BESIGN, "share"] + (["--password-fd", "0"] if password is not None else [])
        self.process = subprocess.Popen(command + list(arguments),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        start_new_session=True, env=dict(environment, **more))
        self.password = (password + "\n").encode() if password is not None else b""

    def end(self):
        out, err = self.process.communicate(self.password, timeout=100)
        self.status, self.out, self.err = self.process.returncode, out.decode(), err.decode()
        return self

    def begin(self):
        self.process.stdin.write(self.password)
        self.process.stdin.close()
        self.process.stdin = None
        self.password = None
        return self

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.end()

    @property
    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return "status %s\n%s\n%s" % (self.status, self.out, self.err)


def share(*arguments, **more):
    return Share(*arguments, **more).end()


def nothing_kept():
    """Whether the password is in no file below the home."""
    for folder, _, names in os.walk(HOME):
        for name in names:
            if SECRET.encode() in read(os.path.join(folder, name)):
                return False
    return True
