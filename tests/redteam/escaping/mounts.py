"""Mount the machine's disk, or make a folder writable by mounting it anew.

A safe grader refuses every kind of mount.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

MOUNT, UMOUNT, OPEN_TREE, FSOPEN, SETATTR = (165, 166, 428, 430, 442) if X86 else (40, 39, 428, 430, 442)
if libc.syscall(MOUNT, b"none", b"/tmp", b"tmpfs", 0, 0) == 0:
    print("PWNED tmpfs")
if libc.syscall(MOUNT, b"none", b"/", b"", 0x20, 0) == 0:
    print("PWNED remount")
if libc.syscall(MOUNT, b"/proc/1/root", b"/tmp", b"", 0x1000, 0) == 0:
    print("PWNED bind")
if libc.syscall(UMOUNT, b"/dev/shm", 2) == 0:
    print("PWNED umount")
if libc.syscall(OPEN_TREE, -100, b"/", 1) >= 0 or libc.syscall(FSOPEN, b"proc", 0) >= 0:
    print("PWNED new mounts")
if libc.syscall(SETATTR, -100, b"/", 0, (ctypes.c_uint64 * 4)(0, 1, 0, 0), 32) == 0:
    print("PWNED attributes")
