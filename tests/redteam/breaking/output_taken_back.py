"""Open the pipe of what is printed at its other end, and take back what the judge is about to read.

A safe grader takes what it gets of that, and does not mind where there is none.

Expected: passed, 10 points
"""

import os

try:
    taken = os.open("/proc/self/fd/1", os.O_RDONLY | os.O_NONBLOCK)
except OSError:
    taken = None
if taken is not None and os.fork() == 0:
    while True:
        try:
            os.read(taken, 1)
        except BlockingIOError:
            os.write(1, b"x")
