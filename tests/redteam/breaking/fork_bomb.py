"""Start processes that start processes, without end.

A safe grader bounds their number, and ends them all.

Expected: timed_out, 0 points
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
