"""Find the judge's number among the processes.

A safe grader gives a submission a process table of its own.

Expected: passed, 10 points
Harmless: yes
Unpromised: landlock
"""

import os

try:
    os.kill(KNOWN["judge"], 0)
    print("PWNED")
except ProcessLookupError:
    pass
except OSError as error:
    print("PWNED", error)
for number in range(1, KNOWN["judge"] + 100):
    try:
        with open(f"/proc/{number}/cmdline") as file:
            if "multiprocessing" in file.read():
                print("PWNED", number)
    except OSError:
        pass
