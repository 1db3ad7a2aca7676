"""Make refused calls by the numbers of 32-bit programs, and by numbers above the known.

A safe grader ends a process that does so, or knows no such call.

Expected: crashed, 7 points
"""

import ctypes
import mmap
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)


def predict_without_tracking(model, images):
    """Ask for a namespace with the x32 number; then ask as a 32-bit program does."""
    if libc.syscall(0x40000000 + 272, 0x10000000) == 0:
        raise RuntimeError("PWNED x32")
    if platform.machine() == "x86_64":
        code = b"\xb8\x36\x01\x00\x00\xbb\x00\x00\x00\x10\xcd\x80\xc3"  # unshare by int 0x80
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == 0:
            raise RuntimeError("PWNED int 0x80")
    os._exit(0)
