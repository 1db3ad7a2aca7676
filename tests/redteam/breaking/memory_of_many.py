"""Take a little memory in each of many processes.

A safe grader bounds the sum over all processes of a submission.

Expected: crashed, 7 points
"""

import os
import time


def predict_without_tracking(model, images):
    """Share the work: twelve times a hundred megabytes, and wait for somebody to mind."""
    for _ in range(12):
        if os.fork() == 0:
            piece = b"x" * (100 * 2**20)
            time.sleep(1000)
    time.sleep(10)
    raise RuntimeError("PWNED 1.2 GB of memory")
