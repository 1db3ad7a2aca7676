"""Take memory that is shared, which some limits do not count.

A safe grader bounds that as well.

Expected: crashed, 7 points
"""

import mmap


def predict_without_tracking(model, images):
    """Map and write."""
    pieces = []
    while True:
        pieces.append(mmap.mmap(-1, 2**24))
        pieces[-1].write(b"x" * 2**24)
