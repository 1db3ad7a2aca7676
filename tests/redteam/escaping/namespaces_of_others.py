"""Enter the namespaces of the fork server and of the judge.

A safe grader refuses to enter namespaces, and shows none.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

import os

SETNS = 308 if X86 else 268
for number in (1, KNOWN["judge"], "self"):
    for name in ("user", "mnt", "net", "pid", "ipc"):
        try:
            handle = os.open(f"/proc/{number}/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if libc.syscall(SETNS, handle, 0) == 0:
            print("PWNED", number, name)
