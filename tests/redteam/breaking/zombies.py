"""Leave dead processes that nobody waits for.

A safe grader has a first process that does.

Expected: passed, 10 points
"""

import os

for _ in range(10):
    if os.fork() == 0:
        if os.fork() == 0:
            os._exit(0)
        os._exit(0)
