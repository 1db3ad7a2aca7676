"""Make thirty thousand empty files where shared memory is, which is a folder of its own.

A safe grader counts them as it counts those in the scratch folder, and removes them all in time.

Expected: crashed, 7 points
"""

import time


def predict_without_tracking(model, images):
    """Make them, and wait for somebody to mind."""
    for number in range(30_000):
        open(f"/dev/shm/file-{number}", "w").close()
    time.sleep(10)
    raise RuntimeError("PWNED 30,000 files")
