"""Read a file that everybody on the machine may read.

A safe grader shows a submission a file system of its own.

Expected: passed, 10 points
Harmless: yes
"""

try:
    with open(KNOWN["secret file"]) as file:
        print("PWNED", file.read())
except OSError:
    pass
