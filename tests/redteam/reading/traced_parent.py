"""Attach to the fork server as a debugger.

A safe grader refuses to trace.

Expected: passed, 10 points
"""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for number in (1, os.getppid()):
    for request in (16, 0x4206):  # attach, seize
        if libc.ptrace(request, number, None, None) == 0:
            print("PWNED", number)
