"""Give pages of memory to a pipe and let go of them: the pipe keeps them, and nobody is charged.

A safe grader does without the call that does this.

Expected: passed, 10 points
"""

import ctypes
import mmap
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
VMSPLICE = 278 if platform.machine() == "x86_64" else 75
memory = mmap.mmap(-1, 2**22)
memory.write(b"x" * 2**22)
piece = (ctypes.c_size_t * 2)(ctypes.addressof(ctypes.c_char.from_buffer(memory)), 4096)
if libc.syscall(VMSPLICE, os.pipe()[1], ctypes.byref(piece), 1, 0) >= 0:
    print("PWNED a page that the pipe keeps")
