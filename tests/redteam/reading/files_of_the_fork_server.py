"""Take the fork server's control socket out of its hands.

A safe grader refuses to copy open files of other processes.

Expected: passed, 10 points
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
try:
    handle = os.pidfd_open(1)
except OSError:
    handle = -1
for number in range(64):
    if handle >= 0 and libc.syscall(438, handle, number, 0) >= 0:
        print("PWNED", number)
for place in ("/proc/1/fd", "/proc/1/map_files", "/proc/1/root", "/proc/1/cwd"):
    try:
        print("PWNED", place, os.listdir(place))
    except OSError:
        pass
