"""Compute a number with a billion digits, in one step that nothing interrupts.

A safe grader ends the process from outside.

Expected: timed_out, 7 points
"""

def predict_without_tracking(model, images):
    """Raise to a power."""
    return 7 ** 10**9
