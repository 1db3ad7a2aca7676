"""Open one terminal after another, each with buffers of the kernel's.

A safe grader has none: nobody sits in a sandbox.

Expected: passed, 10 points
"""

import os

for name in ("/dev/ptmx", "/dev/pts/ptmx"):
    try:
        os.open(name, os.O_RDWR | os.O_NOCTTY)
        print("PWNED", name)
    except OSError:
        pass
