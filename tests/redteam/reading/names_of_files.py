"""Ask by its path whether a file of the machine is there, and how large it is.

A safe grader has no such path where a submission runs.

Expected: passed, 10 points
Harmless: yes
Unpromised: landlock
"""

import os

for place in (KNOWN["secret file"], KNOWN["suites"], KNOWN["home"]):
    try:
        print("PWNED", place, os.stat(place).st_size)
    except OSError:
        pass
