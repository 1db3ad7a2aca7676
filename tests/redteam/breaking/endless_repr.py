"""Raise an exception whose text never ends.

A safe grader has it written where it was raised, and cuts it.

Expected: crashed, 7 points
"""

def predict_without_tracking(model, images):
    """Say much."""
    raise ValueError("x" * 10**8)
