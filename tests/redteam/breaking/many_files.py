"""Make thirty thousand empty files, which fill no disk.

A safe grader bounds their number, and removes them all in time.

Expected: crashed, 7 points
"""

import time


def predict_without_tracking(model, images):
    """Make them, and wait for somebody to mind."""
    for number in range(30_000):
        open(f"file-{number}", "w").close()
    time.sleep(10)
    raise RuntimeError("PWNED 30,000 files")
