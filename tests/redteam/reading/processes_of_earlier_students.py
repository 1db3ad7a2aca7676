"""Look for a process that an earlier student has left, and into its environment.

A safe grader ends every process of a submission.

Expected: passed, 10 points
Harmless: yes
"""

import os

for number in filter(str.isdigit, os.listdir("/proc")):
    if int(number) in (1, os.getpid()):
        continue
    with open(f"/proc/{number}/stat") as file:
        print("PWNED", file.read())
