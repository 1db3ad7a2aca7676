"""Signal the fork server in every way.

A safe grader lets none of them through.

Expected: passed, 10 points
"""

import os
import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV, 34):
    try:
        os.kill(1, number)
        print("PWNED", number)
    except OSError:
        pass
