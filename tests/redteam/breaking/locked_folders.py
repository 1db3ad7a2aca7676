"""Leave folders that nobody may enter, with names that are no text.

A safe grader removes them all the same.

Expected: passed, 10 points
"""

import os

for folder in (".", "/dev/shm"):
    try:
        os.makedirs(os.path.join(folder, "locked/inner"), exist_ok=True)
        with open(os.path.join(folder, "locked/inner/file"), "w"):
            pass
        with open(os.path.join(folder, "-rf\n--help\udcff"), "w"):
            pass
        os.mkdir(os.path.join(folder, "closed"), 0)
        for name in ("locked/inner", "locked", ""):
            os.chmod(os.path.join(folder, name), 0)
    except PermissionError:
        pass
