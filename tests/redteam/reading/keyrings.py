"""Find keys in the kernel's keyrings, and leave one there.

A safe grader refuses what outlives its process.

Expected: passed, 10 points
"""

import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL = (248, 250) if platform.machine() == "x86_64" else (217, 219)
for ring in range(-5, 0):
    if libc.syscall(ADD_KEY, b"user", b"lab", b"left behind", 11, ring) != -1:
        print("PWNED key", ring)
    if libc.syscall(KEYCTL, 10, ring, b"user", b"lab", 0) != -1:
        print("PWNED search", ring)
try:
    with open("/proc/keys") as file:
        for line in file.read().splitlines():
            if "lab" in line:
                print("PWNED", line)
except OSError:
    pass
