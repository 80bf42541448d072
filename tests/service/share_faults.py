# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents into a folder while the disk fills up or the machine stops, at every call that changes a file: wherever that
happens, the document is whole somewhere, and nothing has its name that is not whole."""

import mmap
import os
import struct

from desk import ok, plan, same
from share_desk import TMP, WORK, environment, read, share, write

COUNT, KILL, TEAR, FULL = range(4)
CONTROL = os.path.join(TMP, "iofault")
CONTENT, OLD = b"%PDF-1.7\n" + os.urandom(300000), b"%PDF-1.7\nyang lama"
environment.update(LD_PRELOAD=os.path.join(os.environ["BUILD"], "tests", "iofault.so"), IOFAULT=CONTROL,
                   ASAN_OPTIONS="verify_asan_link_order=0")


def run(mode, at, *arguments):
    """The status, and how many calls there were."""
    write(CONTROL, struct.pack("qqi4x", 0, at, mode))
    status = share("--to-dir", TO, *arguments, "surat.pdf").status
    return status, struct.unpack("qqi4x", read(CONTROL))[0]


def begin(replace):
    for name in os.listdir(TO):
        os.unlink(os.path.join(TO, name))
    write("surat.pdf", CONTENT)
    if replace:
        write(os.path.join(TO, "surat.pdf"), OLD)


def judge(status, mode, move, replace, text):
    target, source = os.path.join(TO, "surat.pdf"), "surat.pdf"
    there = read(target) if os.path.exists(target) else None
    here = read(source) if os.path.exists(source) else None
    other = [n for n in os.listdir(TO) if n != "surat.pdf"]
    good = there in (CONTENT, OLD if replace else None)
    good = good and (here == CONTENT or (move and here is None and there == CONTENT))
    # What was killed may leave a hidden name behind; what failed cleans up.
    good = good and all(n.startswith(".besign-") for n in other) and (mode != FULL or other == [])
    if status == 0:
        good = good and there == CONTENT and (here is None) == move
    if mode == FULL and status != 0:
        good = good and here == CONTENT
    return good or ok(False, text, status, there and len(there), here and len(here), os.listdir(TO))


def every_call(where):
    for move in (False, True):
        for replace in (False, True):
            arguments = (["--move"] if move else []) + (["--force"] if replace else [])
            begin(replace)
            status, calls = run(COUNT, 0, *arguments)
            what = "%s%s, %s" % ("moving" if move else "copying", " over another" if replace else "", where)
            good = ok(status == 0 and calls >= (5 if move or replace else 3), "%s: %d calls" % (what, calls), status)
            for mode, name in ((KILL, "killed"), (TEAR, "torn"), (FULL, "full")):
                failed = 0
                for at in range(1, calls + 1):
                    begin(replace)
                    status, _ = run(mode, at, *arguments)
                    failed += status != 0
                    good = judge(status, mode, move, replace, "%s, %s at call %d" % (what, name, at)) and good
                good = failed > 0 and good
            ok(good, "%s: whole here or there, wherever it stops" % what)


TO = os.path.join(WORK, "tujuan")
os.mkdir(TO)
every_call("on one file system")
if not os.path.isdir("/dev/shm") or os.stat("/dev/shm").st_dev == os.stat(WORK).st_dev:
    ok(True, "from one file system to another # SKIP there is no second one")
else:
    TO = os.path.join("/dev/shm", "besign-share-%d" % os.getpid())
    os.mkdir(TO, 0o700)
    every_call("to another file system")
    begin(False)
    os.rmdir(TO)
plan()
