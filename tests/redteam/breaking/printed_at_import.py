"""Print a hundred megabytes while it is being imported, and go on honestly.

A safe grader keeps the beginning, says that it was cut, and grades the rest.

Expected: passed, 10 points
"""

import os

for _ in range(1600):
    os.write(1, b"\x1b[31m" + b"x" * 65_000 + b"\n")
