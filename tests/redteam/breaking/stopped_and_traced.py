"""Leave processes that are stopped, that trace one another, and that wait in the kernel.

A safe grader ends them, whatever state they are in.

Expected: passed, 10 points
"""

import ctypes
import os
import signal
import time

libc = ctypes.CDLL(None)
for way in range(6):
    if os.fork() == 0:
        libc.ptrace(0, 0, 0, 0)
        if way % 2:
            os.kill(os.getpid(), signal.SIGSTOP)
        os.mkfifo(f"pipe-{way}")
        open(f"pipe-{way}")  # nobody will ever write
