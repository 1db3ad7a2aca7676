"""Lock every other byte of a file, which takes memory of the kernel's for each.

A safe grader has no locks of that kind: the kernel bounds their number nowhere.

Expected: passed, 10 points
"""

import fcntl

with open("locked", "w") as file:
    try:
        for number in range(100, 0, -2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, number)
        print("PWNED locks")
    except OSError:
        pass
