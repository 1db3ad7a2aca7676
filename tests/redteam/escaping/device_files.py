"""Open the devices of the machine, and make device files of its own.

A safe grader has a handful of harmless ones, and refuses to make others.

Expected: passed, 10 points
"""

import os
import stat

HARMLESS = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts", "shm", "fd", "core",
            "console", "stdin", "stdout", "stderr"}
try:
    for name in set(os.listdir("/dev")) - HARMLESS:
        if not name.startswith("nvidia"):
            print("PWNED", name)
except OSError:
    pass
for name in ("mem", "kmsg", "sda", "vda", "nvme0n1", "kvm", "fuse", "uinput", "net/tun"):
    try:
        open(f"/dev/{name}", "rb").close()
        print("PWNED", name)
    except OSError:
        pass
for kind, numbers in ((stat.S_IFBLK, (8, 0)), (stat.S_IFCHR, (1, 1)), (stat.S_IFCHR, (1, 3))):
    try:
        os.mknod("device", 0o666 | kind, os.makedev(*numbers))
        with open("device", "rb") as file:
            print("PWNED", file.read(10))
    except OSError:
        pass
