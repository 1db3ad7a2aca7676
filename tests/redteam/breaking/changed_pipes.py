"""Change the pipes and streams for whoever shares them.

A safe grader shares none with a submission, and makes new ones for each.

Expected: passed, 10 points
"""

import fcntl
import os

for number in range(5):
    try:
        flags = fcntl.fcntl(number, fcntl.F_GETFL)
        fcntl.fcntl(number, fcntl.F_SETFL, flags | os.O_APPEND)
        fcntl.fcntl(number, fcntl.F_SETPIPE_SZ, 4096)
        fcntl.fcntl(number, fcntl.F_SETOWN, os.getpid())
    except OSError:
        pass
