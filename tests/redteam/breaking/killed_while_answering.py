"""Have a helper kill it at the moment of its answer.

A safe grader takes a whole answer, or none.

Expected: crashed, 7 points
"""

import os
import signal


def predict_without_tracking(model, images):
    """Leave a killer behind."""
    victim = os.getpid()
    if os.fork() == 0:
        os.kill(victim, signal.SIGKILL)
        os._exit(0)
    signal.pause()
