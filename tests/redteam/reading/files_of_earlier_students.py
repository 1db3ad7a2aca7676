"""Look for files that an earlier student has left.

A safe grader empties everything that can be written to after each submission.

Expected: passed, 10 points
Harmless: yes
"""

import os

for folder in (".", "/tmp", "/dev/shm", "/var/tmp", "/run"):
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith("earlier"):
                with open(os.path.join(place, name)) as file:
                    print("PWNED", name, file.read())
