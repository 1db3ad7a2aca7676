"""Read whatever files somebody has left open for this process.

A safe grader starts a submission with its own pipes and nothing else.

Expected: passed, 10 points
"""

import os

for number in range(3, 1024):
    try:
        target = os.readlink(f"/proc/self/fd/{number}")
        text = os.pread(number, 100, 0)
    except OSError:
        continue
    print("PWNED", target, text)
