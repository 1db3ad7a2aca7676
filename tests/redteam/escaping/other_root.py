"""Change the root folder, and walk out of it.

A safe grader refuses that.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

import os

CHROOT, PIVOT = (161, 155) if X86 else (51, 41)
os.makedirs("root/old", exist_ok=True)
if libc.syscall(CHROOT, b"root") == 0:
    print("PWNED chroot")
if libc.syscall(PIVOT, b"root", b"root/old") == 0:
    print("PWNED pivot_root")
links = [f"/proc/{process}/{link}/" for process in ("1", "self") for link in ("root", "root/..", "cwd")]
for place in ("/../../../", *links):
    for name in (KNOWN["home"], KNOWN["secret file"]):
        try:
            open(place + name, "rb").close()
            print("PWNED", place)
        except IsADirectoryError:
            print("PWNED", place)
        except OSError:
            pass
