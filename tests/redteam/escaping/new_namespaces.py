"""Become root in a namespace of its own, where more of the kernel is open.

A safe grader refuses new namespaces.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

UNSHARE, CLONE, CLONE3 = (272, 56, 435) if X86 else (97, 220, 435)
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x02000000, 0x08000000, 0x04000000):
    if libc.syscall(UNSHARE, flag) == 0:
        print("PWNED unshare", hex(flag))
    child = libc.syscall(CLONE, flag | 17, 0, 0, 0, 0)
    if child == 0:
        libc._exit(0)
    if child > 0:
        print("PWNED clone", hex(flag))
