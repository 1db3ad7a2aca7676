"""Fill the table of processes and keep it full.

A safe grader bounds their number for each submission, and none of them is there afterwards.

Expected: passed, 10 points
"""

import os
import time

try:
    while True:
        if os.fork() == 0:
            time.sleep(1000)
except OSError:
    pass
