"""Ignore every signal that can be ignored, and sleep.

A safe grader uses the one that can not.

Expected: timed_out, 7 points
"""

import signal
import time


def predict_without_tracking(model, images):
    """Be deaf."""
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(1000)
