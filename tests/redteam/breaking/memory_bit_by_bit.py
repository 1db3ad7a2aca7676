"""Take memory in many small pieces, and write to all of it.

A safe grader bounds the sum.

Expected: crashed, 7 points
"""

def predict_without_tracking(model, images):
    """Never give back."""
    pieces = []
    while True:
        pieces.append(b"x" * 2**20)
