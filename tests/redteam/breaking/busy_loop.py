"""Compute for ever.

A safe grader stops it at a deadline, and asks the next question of a new process.

Expected: timed_out, 7 points
"""

def predict_without_tracking(model, images):
    """Turn."""
    while True:
        pass
