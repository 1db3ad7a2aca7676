"""Read the hidden tests where the grader has them.

A safe grader does not show its own folder.

Expected: passed, 10 points
Harmless: yes
"""

import os

for folder, _, names in os.walk(KNOWN["suites"]):
    for name in names:
        print("PWNED", os.path.join(folder, name))
