"""Fill every folder that can be written to.

A safe grader gives them one size together, ends what goes beyond it, and empties them.

Expected: crashed, 0 points
"""

import os

for folder in (".", "/tmp", "/dev/shm"):
    try:
        for number in range(1000):
            with open(os.path.join(folder, f"{number}.bin"), "wb") as file:
                file.write(bytes(2**24))
    except OSError:
        pass
