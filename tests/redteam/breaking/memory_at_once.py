"""Ask for sixty-four gigabytes in one piece.

A safe grader bounds the memory of a submission, and says so.

Expected: crashed, 7 points
"""

def predict_without_tracking(model, images):
    """Ask for much."""
    return bytearray(2**36)
