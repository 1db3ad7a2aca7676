"""Stop every clock of Python, so that no time passes, and take all of it.

A safe grader looks at its own clock.

Expected: timed_out, 7 points
"""

import time

time.monotonic = time.time = time.perf_counter = time.process_time = lambda: 0.0
time.sleep = lambda seconds: None


def predict_without_tracking(model, images):
    """Wait for a second to pass."""
    while time.monotonic() < 1:
        pass
