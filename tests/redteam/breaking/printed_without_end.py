"""Print without end, instead of an answer.

A safe grader keeps the beginning, and stops it at its deadline.

Expected: timed_out, 7 points
"""

def predict_without_tracking(model, images):
    """Talk."""
    while True:
        print("line " * 1000)
