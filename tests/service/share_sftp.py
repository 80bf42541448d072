# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to a server by SFTP: one of others (asyncssh, and OpenSSH's own where it is installed), on good days and bad."""

import asyncio
import atexit
import hashlib
import base64
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time
import warnings

warnings.simplefilter("ignore")
import asyncssh

from desk import ok, plan, same
from share_desk import HOME, NAMES, SECRET, Share, TMP, WORK, nothing_kept, read, share, write

ROOT = os.path.join(TMP, "root")
IN = os.path.join(ROOT, "masuk")
KNOWN = os.path.join(HOME, ".ssh", "known_hosts")
os.makedirs(IN)


def fingerprint(key):
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.public_data).digest()).decode().rstrip("=")


class Door(asyncssh.SSHServer):
    """Lets sari in, with her password or one of her keys."""
    keys = []

    def connection_made(self, connection):
        self.connection = connection

    def begin_auth(self, user):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, user, password):
        server.passwords += 1
        return user == "sari" and password == SECRET

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, user, key):
        return user == "sari" and key.public_data in self.keys


class Files(asyncssh.SFTPServer):
    def __init__(self, channel):
        super().__init__(channel, chroot=ROOT)

    def write(self, file, offset, data):
        server.written += len(data)
        if server.written >= server.cut_at:
            server.reached.set()
            if server.on_cut == "abort":
                self.connection.abort()
            if server.on_cut == "full":
                raise asyncssh.SFTPError(14, "no room")
        return super().write(file, offset, data)

    def open(self, path, pflags, attrs):
        if server.refuse_open and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPPermissionDenied("no")
        return super().open(path, pflags, attrs)

    def rename(self, old, new):
        if server.on_rename == "lost":
            super().rename(old, new)
            self.connection.abort()
        elif server.on_rename == "gone":
            super().rename(old, new)
            server.stop_from_inside()
            self.connection.abort()
        elif server.on_rename in ("never", "once"):
            server.on_rename = None if server.on_rename == "once" else "never"
            self.connection.abort()
        elif server.on_rename == "refuse":
            raise asyncssh.SFTPPermissionDenied("no renaming here")
        else:
            super().rename(old, new)


class Server:
    def __init__(self):
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.passwords = 0
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.good_day()
        self.start()

    def good_day(self):
        self.written, self.cut_at, self.on_cut, self.on_rename, self.refuse_open = 0, 1 << 60, None, None, False
        self.reached = threading.Event()

    def start(self):
        async def make():
            return await asyncssh.create_server(Door, "127.0.0.1", 0, server_host_keys=[self.key], sftp_factory=Files)

        self.acceptor = asyncio.run_coroutine_threadsafe(make(), self.loop).result(30)
        self.port = self.acceptor.sockets[0].getsockname()[1]

    def stop_from_inside(self):
        self.acceptor.close()

    @property
    def url(self):
        return "sftp://sari@127.0.0.1:%d" % self.port

    def known(self, key=None):
        write(KNOWN, b"[127.0.0.1]:%d %s" % (self.port, (key or self.key).export_public_key()))


def left():
    """What is on the server that nobody asked for."""
    return [name for _, _, names in os.walk(ROOT) for name in names if name.startswith(".besign")]


server = Server()
for i, name in enumerate(NAMES):
    write(name, b"%PDF-1.7\n" + os.urandom(1000 + i))
write("besar.pdf", b"%PDF-1.7\n" + os.urandom(24 << 20))
write("nol.pdf", b"")

# ---- who the server is ----


def fails(status, text, *arguments, words="", password=SECRET, url="/masuk", **more):
    run = share("--sftp", server.url + url, *arguments, password=password, **more)
    return ok(run.status == status and run.out == "" and len(run.err.splitlines()) == 1 and words in run.err, text, run)


fails(4, "a server whose key nobody knows is refused, and its fingerprint told", "surat.pdf", words=fingerprint(server.key))
other = asyncssh.generate_private_key("ssh-ed25519")
server.known(other)
fails(4, "a key that is another one than it was", "surat.pdf", words="another one than known_hosts has")
same(server.passwords, 0, "neither server was told the password")
same(os.listdir(IN), [], "nor got anything")
server.known()

# ---- who we are ----

fails(5, "a wrong password", "surat.pdf", password="salah", words="user and password")
run = share("--sftp", server.url + "/masuk", "surat.pdf")
ok(run.status == 2 and "--password-fd" in run.err, "without a terminal it is said how to give it", run)
run = share("--sftp", server.url + "/masuk", "--json", "--", *NAMES, "nol.pdf", password=SECRET)
ok(run.status == 0 and all(r["result"] == "done" and r["way"] == "sftp" for r in run.json), "many documents go to a server", run)
for name in NAMES + [b"nol.pdf"]:
    there = os.path.join(os.fsencode(IN), name)
    ok(os.path.exists(there) and read(there) == read(name), "%r is there as it is" % name, os.listdir(IN))
same(left(), [], "and nothing else is")
ok(nothing_kept(), "the password is kept nowhere")
subprocess.run(["ssh-keygen", "-q", "-H", "-f", KNOWN], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
ok(b"127.0.0.1" not in read(KNOWN) and share("--sftp", server.url + "/masuk", "--force", "surat.pdf", password=SECRET).status == 0,
   "known_hosts may hide the names in it", read(KNOWN))

client = asyncssh.generate_private_key("ssh-ed25519")
Door.keys.append(client.public_data)
client.write_private_key("id_sari")
client.write_private_key("id_sari_locked")
asyncssh.generate_private_key("ssh-ed25519").write_private_key("id_lain")
for name in ("id_sari", "id_sari_locked", "id_lain"):
    os.chmod(name, 0o600)
subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", SECRET, "-f", "id_sari_locked"], check=True)
run = share("--sftp", server.url + "/masuk", "--force", "--identity", "id_sari", "surat.pdf")
ok(run.status == 0 and run.out == "sent  surat.pdf -> %s/masuk/surat.pdf\n" % server.url, "a key file proves who it is", run)
run = share("--sftp", server.url + "/masuk", "--force", "--identity", "id_sari_locked", "surat.pdf", password=SECRET)
ok(run.status == 0, "a key file with a password", run)
fails(5, "a key file with a wrong password", "--identity", "id_sari_locked", "surat.pdf", password="salah", words="password is wrong")
fails(5, "somebody else's key file", "--identity", "id_lain", "surat.pdf", password=None)
fails(2, "a key file that is not there", "--identity", "hilang", "surat.pdf", password=None, words="cannot be read")
if shutil.which("ssh-agent") is None or shutil.which("ssh-add") is None:
    ok(True, "a key of the ssh-agent # SKIP openssh-client is not installed")
else:
    agent = os.path.join(TMP, "agent")
    keeper = subprocess.Popen(["ssh-agent", "-D", "-a", agent], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while subprocess.run(["ssh-add", "-q", "id_sari"], env=dict(os.environ, SSH_AUTH_SOCK=agent, HOME=HOME), stdin=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL).returncode == 2 and keeper.poll() is None:
        time.sleep(0.02)
    run = share("--sftp", server.url + "/masuk", "--force", "surat.pdf", SSH_AUTH_SOCK=agent)
    ok(run.status == 0, "a key of the ssh-agent", run)
    subprocess.run(["ssh-add", "-q", "-D"], env=dict(os.environ, SSH_AUTH_SOCK=agent), stderr=subprocess.DEVNULL)
    fails(5, "an ssh-agent without a key", "surat.pdf", password=None, SSH_AUTH_SOCK=agent, words="ssh-agent")
    keeper.terminate()
    keeper.wait()

# ---- names that are taken, folders that are not there ----

before = read(os.path.join(IN, "surat.pdf"))
write("surat.pdf", b"%PDF-1.7\nyang baru")
run = share("--sftp", server.url + "/masuk", "--json", "surat.pdf", "besar.pdf", password=SECRET)
ok(run.status == 1 and [r["result"] for r in run.json] == ["failed", "done"] and run.json[0]["error"]["code"] == "exists" and
   read(os.path.join(IN, "surat.pdf")) == before and read(os.path.join(IN, "besar.pdf")) == read("besar.pdf"),
   "a name that is taken is refused, and the others go", run)
run = share("--sftp", server.url + "/masuk", "--force", "surat.pdf", password=SECRET)
ok(run.status == 0 and read(os.path.join(IN, "surat.pdf")) == read("surat.pdf"), "or replaced, when that is wished", run)
os.mkdir(os.path.join(IN, "map.pdf"))
write("map.pdf", b"%PDF-1.7\n")
run = share("--sftp", server.url + "/masuk", "--force", "map.pdf", password=SECRET)
ok(run.status == 4 and os.path.isdir(os.path.join(IN, "map.pdf")), "a folder of that name is not replaced", run)
fails(2, "a folder that is not there", "surat.pdf", url="/hilang", words="does not have that folder")
run = share("--sftp", server.url, "surat.pdf", password=SECRET)
ok(run.status == 0 and os.path.exists(os.path.join(ROOT, "surat.pdf")), "without a folder it is the user's own", run)
os.mkdir(os.path.join(ROOT, 'a "b" #1 50%'))
run = share("--sftp", server.url + "/~/a%20%22b%22%20%231%2050%25", "surat.pdf", password=SECRET)
ok(run.status == 0 and os.path.exists(os.path.join(ROOT, 'a "b" #1 50%', "surat.pdf")), "a folder with a name of signs, from there", run)
os.chmod("surat.pdf", 0o640)
share("--sftp", server.url + "/masuk", "--force", "surat.pdf", password=SECRET)
same(stat.S_IMODE(os.stat(os.path.join(IN, "surat.pdf")).st_mode), 0o640, "who may read it stays as it was")
same(left(), [], "and nothing was left behind")

# ---- bad days ----

write("penting.pdf", b"%PDF-1.7\n" + os.urandom(1 << 20))
target = os.path.join(IN, "penting.pdf")
server.refuse_open = True
fails(4, "a folder that nobody may write to", "penting.pdf", words="allows no file")
server.good_day()
server.cut_at, server.on_cut = 1 << 19, "abort"
fails(4, "a connection that breaks", "penting.pdf")
same((os.path.exists(target), left()), (False, []), "leaves nothing there")
server.good_day()
server.cut_at, server.on_cut = 1 << 19, "full"
fails(4, "a server without room", "penting.pdf", words="may have no room")
same((os.path.exists(target), left()), (False, []), "has nothing of it")
server.good_day()
server.on_rename = "refuse"
fails(4, "a server that does not rename", "penting.pdf", words="did not take the document")
same((os.path.exists(target), left()), (False, []), "has nothing of it either")
server.on_rename = "never"
fails(4, "a connection that breaks before the renaming", "penting.pdf")
same((os.path.exists(target), left()), (False, []), "leaves nothing as well")
server.on_rename = "lost"
run = share("--sftp", server.url + "/masuk", "penting.pdf", password=SECRET)
ok(run.status == 0 and read(target) == read("penting.pdf"), "an answer that was lost is found out afterwards", run)
write("penting.pdf", b"%PDF-1.7\nyang baru")
server.on_rename = "once"
run = share("--sftp", server.url + "/masuk", "--force", "penting.pdf", password=SECRET)
ok(run.status == 0 and read(target) == read("penting.pdf") and left() == [], "a connection that breaks while replacing loses nothing", run, left())
server.on_rename = "refuse"
run = share("--sftp", server.url + "/masuk", "--force", "penting.pdf", password=SECRET)
hidden = left()
ok(run.status == 4 and len(hidden) == 1 and hidden[0] in run.err and read(os.path.join(IN, hidden[0])) == read("penting.pdf"),
   "and where nothing is renamed, it is said where the document is", run, hidden)
os.unlink(os.path.join(IN, hidden[0]))
server.on_rename = "gone"
run = share("--sftp", server.url + "/masuk", "--json", "penting.pdf", password=SECRET)
ok(run.status == 6 and run.json[0]["result"] == "unknown", "and where nobody can be asked, it is not known", run)
server.good_day()
fails(4, "a server that is not there", "penting.pdf", words="could not be reached")
server.start()
server.known()

# ---- cancelling ----

server.cut_at = 1 << 20
run = Share("--sftp", server.url + "/masuk", "--force", "--json", "surat.pdf", "besar.pdf", "penting.pdf", password=SECRET).begin()
ok(server.reached.wait(60), "a large document is under way")
run.interrupt()
results = [r["error"]["code"] if r["error"] else "done" for r in run.json]
ok(run.status == 130 and results == ["done", "cancelled", "cancelled"], "an interrupt ends it, and what is done stays done", run)
same(left(), [], "nothing of the rest is left there")
same(read(os.path.join(IN, "besar.pdf")), read("besar.pdf"), "what was to be replaced is as it was")
server.good_day()
silent = socket.create_server(("127.0.0.1", 0))
run = Share("--sftp", "sftp://sari@127.0.0.1:%d/" % silent.getsockname()[1], "surat.pdf", password=SECRET).begin()
connection, _ = silent.accept()
run.interrupt()
ok(run.status == 130, "a server that says nothing can be left", run)

# ---- OpenSSH's own server ----

sshd = os.environ.get("SSHD") or shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
if sshd is None:
    ok(True, "OpenSSH's server agrees # SKIP openssh-server is not installed")
    plan()
# Where somebody else can go as well.
place = tempfile.mkdtemp(prefix="besign-sshd-", dir="/tmp")
atexit.register(shutil.rmtree, place, ignore_errors=True)
os.mkdir(os.path.join(place, "masuk"))
subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(place, "host")], check=True)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
# As root it wants a user of its own; anybody else may run one for himself.
somebody = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
write(os.path.join(place, "allowed"), client.export_public_key())
write(os.path.join(place, "config"), b"""ListenAddress 127.0.0.1:%d
HostKey %s/host
PidFile none
AuthorizedKeysFile %s/allowed
StrictModes no
UsePAM yes
PasswordAuthentication no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
""" % (port, place.encode(), place.encode()))


def become():
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(somebody.pw_gid)
        os.setuid(somebody.pw_uid)


if os.getuid() == 0:
    for folder, _, names in os.walk(place):
        os.chown(folder, somebody.pw_uid, somebody.pw_gid)
        for name in names:
            os.chown(os.path.join(folder, name), somebody.pw_uid, somebody.pw_gid)
log = open(os.path.join(WORK, "sshd.log"), "wb")
daemon = subprocess.Popen([os.path.abspath(sshd), "-D", "-e", "-f", os.path.join(place, "config")], stdin=subprocess.DEVNULL,
                          stdout=log, stderr=log, preexec_fn=become)
end = time.time() + 30
while time.time() < end and daemon.poll() is None:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except OSError:
        time.sleep(0.05)
public = read(os.path.join(place, "host.pub")).split()
write(KNOWN, b"[127.0.0.1]:%d %s %s\n" % (port, public[0], public[1]))
url = "sftp://%s@127.0.0.1:%d%s/masuk" % (somebody.pw_name, port, place)
there = os.path.join(place, "masuk")
run = share("--sftp", url, "--identity", "id_sari", "--json", "--", *NAMES, "besar.pdf")
ok(run.status == 0 and all(read(os.path.join(os.fsencode(there), n)) == read(n) for n in NAMES + [b"besar.pdf"]), "OpenSSH's server agrees", run,
   read("sshd.log").decode(errors="replace"))
run = share("--sftp", url, "--identity", "id_sari", "surat.pdf")
ok(run.status == 2 and "of that name already" in run.err, "it refuses a name that is taken", run)
write("surat.pdf", b"%PDF-1.7\nlebih baru")
run = share("--sftp", url, "--identity", "id_sari", "--force", "surat.pdf")
ok(run.status == 0 and read(os.path.join(there, "surat.pdf")) == read("surat.pdf"), "and replaces it when that is wished", run)
run = share("--sftp", url, "--identity", "id_lain", "surat.pdf")
ok(run.status == 5, "but not for everybody", run)
same([n for n in os.listdir(there) if n.startswith(".besign")], [], "nothing is left behind")
daemon.terminate()
daemon.wait()
plan()
