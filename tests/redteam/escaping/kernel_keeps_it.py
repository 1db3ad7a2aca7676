"""Leave a lock on a file that all submissions share.

A safe grader ends the process, and its locks with it.

Expected: passed, 10 points
"""

import fcntl
import os

handle = os.open("/usr/bin/env", os.O_RDONLY)
try:
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError as error:
    print("PWNED", error)  # somebody before has it still
