"""Use the time of every processor in many processes, while it seems to sleep.

A safe grader adds up the processor time of all of them, and has a deadline besides.

Expected: timed_out, 7 points
"""

import os
import time


def predict_without_tracking(model, images):
    """Share the work."""
    for _ in range(8):
        if os.fork() == 0:
            while True:
                pass
    time.sleep(1000)
