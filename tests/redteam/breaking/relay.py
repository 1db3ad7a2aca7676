"""Run for ever in processes that each live for a moment.

A safe grader has a deadline for the submission, not only for each process.

Expected: timed_out, 7 points
"""

import os
import time


def predict_without_tracking(model, images):
    """Hand over before anybody counts to one."""
    while os.fork() == 0:
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            pass
    time.sleep(1000)
