"""Make folders in folders, deeper than a path can name.

A safe grader removes them without naming a path.

Expected: passed, 10 points
"""

import os

for _ in range(3000):
    os.mkdir("folder")
    os.chdir("folder")
