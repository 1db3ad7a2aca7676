"""Make memory that no folder shows and no limit of a folder counts.

A safe grader refuses memory files.

Expected: passed, 10 points
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
try:
    print("PWNED", os.memfd_create("hidden"))
except OSError:
    pass
if libc.syscall(447, 0) >= 0:
    print("PWNED secret memory")
