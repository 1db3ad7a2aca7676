"""Have the kernel keep events of files that nobody reads, sixteen thousand for every queue.

A safe grader does without such queues.

Expected: passed, 10 points
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
if libc.inotify_init1(0) >= 0:
    print("PWNED a queue of events")
