"""Find or leave POSIX message queues.

A safe grader refuses what outlives its process.

Expected: passed, 10 points
"""

import ctypes

try:
    library = ctypes.CDLL("librt.so.1", use_errno=True)
    if library.mq_open(b"/left", 0o102, 0o666, None) != -1:
        print("PWNED message queue")
except (OSError, AttributeError):
    pass
