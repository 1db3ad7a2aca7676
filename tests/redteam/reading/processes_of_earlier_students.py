"""Look for a process that an earlier student has left, and into its environment.

A safe grader ends every process of a submission.

Expected: passed, 10 points
Harmless: yes
"""

import os

for number in range(2, os.getpid() + 100):
    if number in (os.getpid(), os.getppid()):
        continue
    try:
        with open(f"/proc/{number}/stat") as file:
            print("PWNED", file.read())
    except OSError:
        pass
