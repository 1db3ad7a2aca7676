"""Leave the core that this job has, to take the time of the submission that is graded beside it.

A safe grader has every job keep to cores of its own.

Expected: passed, 10 points
"""

import os

try:
    os.sched_setaffinity(0, range(os.cpu_count()))
    print("PWNED", os.sched_getaffinity(0))
except OSError:
    pass
