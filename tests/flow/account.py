# SPDX-License-Identifier: GPL-3.0-or-later
"""What flow/account.sh cannot do in a shell: a person at a terminal, a service that does not answer, and the end of one
that was started in the background.

  account.py person SCRIPT ARGUMENT...   runs the program at a terminal of 80x24 and answers what SCRIPT says:
                                         lines of "wait TEXT", "type TEXT", "code FILE" (the code of now of the setup key
                                         that the screen shows, which goes into FILE), "qr FILE" (the QR code on the screen, as
                                         a picture); what it wrote goes to standard output, and its status is ours
  account.py proxy SOCKET DROP           listens on the loopback interface and passes on to a socket; while the file DROP
                                         is there, a question for signatures is read and never answered
  account.py link MAILDIR COUNT          waits for so many letters with a link, and says the newest link
  account.py stop SOCKET                 ends the service behind a socket, and waits until it has
"""

import codecs
import email
import email.policy
import glob
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

PATIENCE = 60


# ---- a person ----

def key_on(text):
    """The setup key in its groups of four, beside the code or in a line."""
    groups = re.findall(r"(?:^|[^A-Z2-7])((?:[A-Z2-7]{4} ?){4,8})(?=[^A-Z2-7]|$)", text, re.M)
    return "".join(groups).replace(" ", "")[:32]


def code_of(key, file):
    with open(file, "w") as out:
        out.write(key)
    return subprocess.run(["oathtool", "--totp", "-b", key], check=True, capture_output=True, text=True).stdout.strip()


def picture_of(text, file):
    """Half blocks on white, as modules of eight pixels in a PBM."""
    lines = [m.group(1) for m in re.finditer("\033\\[0;30;47;107m([ \u2580\u2584\u2588]+)\033\\[0m", text)]
    rows = []
    for line in lines:
        rows.append(["1" if c in "\u2580\u2588" else "0" for c in line])
        rows.append(["1" if c in "\u2584\u2588" else "0" for c in line])
    side = len(rows[0])
    with open(file, "w") as out:
        out.write("P1\n%d %d\n" % (side * 8, len(rows) * 8))
        for row in rows:
            out.write(("\n".join("".join(c * 8 for c in row) for _ in range(8))) + "\n")
    # What a window of 24 rows can show, with the line that asks for the code.
    return len(lines) <= 23 and side <= 80


def person(script, arguments):
    import fcntl
    import pty
    import termios
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.execv(arguments[0], arguments)
    seen = ""
    at = 0
    # A character may come in two pieces.
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    until = time.time() + PATIENCE

    def read_more():
        nonlocal seen
        if not select.select([terminal], [], [], max(0, until - time.time()))[0]:
            raise TimeoutError
        try:
            got = os.read(terminal, 65536)
        except OSError:
            got = b""
        seen += decoder.decode(got)
        return got != b""

    try:
        for line in open(script).read().splitlines():
            verb, _, rest = line.partition(" ")
            if verb == "wait":
                while rest not in seen[at:]:
                    if not read_more():
                        raise EOFError(rest)
                at = seen.index(rest, at) + len(rest)
            elif verb == "type":
                os.write(terminal, rest.encode() + b"\n")
            elif verb == "code":
                os.write(terminal, code_of(key_on(re.sub("\033\\[[0-9;]*m", "|", seen)), rest).encode() + b"\n")
            elif verb == "qr" and not picture_of(seen, rest):
                raise ValueError("the QR code is too large for 80x24")
        while read_more():
            pass
    except (EOFError, TimeoutError, ValueError) as why:
        print("it did not come: %r" % why)
        os.kill(child, signal.SIGKILL)
    sys.stdout.write(seen.replace("\r\n", "\n"))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 255)


# ---- a service that does not answer ----

def read_message(f):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = f.readline()
        if not line:
            return None, None
        head += line
    length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
    return head, f.read(int(length[1])) if length else b""


def pass_on(client, path, drop):
    with client, client.makefile("rb") as questions:
        head, body = read_message(questions)
        if head is None or (b"signHash" in head.split(b"\r\n")[0] and os.path.exists(drop)):
            return
        with socket.socket(socket.AF_UNIX) as service:
            service.connect(path)
            service.sendall(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head)[:-2] + b"Connection: close\r\n\r\n" + body)
            with service.makefile("rb") as answers:
                client.sendall(answers.read())


def proxy(path, drop):
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(50)
        print(door.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=pass_on, args=(door.accept()[0], path, drop), daemon=True).start()


# ---- letters ----

def link(maildir, count):
    until = time.time() + PATIENCE
    while time.time() < until:
        links = []
        for name in sorted(glob.glob(os.path.join(maildir, "new", "*")), key=lambda n: int(re.search(r"\.M(\d+)\.", n)[1])):
            with open(name, "rb") as letter:
                text = email.message_from_binary_file(letter, policy=email.policy.default).get_body(("plain",)).get_content()
            links += re.findall(r"https://\S+/passphrase/\S+", text)
        if len(links) >= count:
            print(links[-1])
            return
        time.sleep(0.05)


# ---- the end ----

def stop(path):
    with socket.socket(socket.AF_UNIX) as service:
        try:
            service.connect(path)
        except OSError:
            return
        pid = struct.unpack("3i", service.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        ended = os.pidfd_open(pid)
        signal.pidfd_send_signal(ended, signal.SIGTERM)
    select.select([ended], [], [], PATIENCE)


if __name__ == "__main__":
    if sys.argv[1] == "person":
        person(sys.argv[2], sys.argv[3:])
    elif sys.argv[1] == "proxy":
        proxy(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "link":
        link(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "stop":
        stop(sys.argv[2])
