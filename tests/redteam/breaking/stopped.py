"""Stop instead of dying: no end, no answer, no time used.

A safe grader measures time by its own clock.

Expected: timed_out, 7 points
"""

import os
import signal


def predict_without_tracking(model, images):
    """Stand still."""
    os.kill(os.getpid(), signal.SIGSTOP)
