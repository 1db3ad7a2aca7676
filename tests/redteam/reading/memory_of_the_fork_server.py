"""Read the memory of the process that has forked this one.

A safe grader makes its fork server unreadable, and lets it hold nothing.

Expected: passed, 10 points
"""

import ctypes
import os
import re

libc = ctypes.CDLL(None, use_errno=True)
for number in {1, os.getppid()}:
    for name in ("mem", "maps", "smaps", "pagemap", "auxv", "stack"):
        try:
            with open(f"/proc/{number}/{name}", "rb") as file:
                print("PWNED", number, name)
        except OSError:
            pass
    buffer = ctypes.create_string_buffer(16)
    here = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 16)
    if libc.process_vm_readv(number, here, 1, here, 1, 0) > 0:
        print("PWNED", buffer.raw)
