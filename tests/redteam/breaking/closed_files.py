"""Close every file, and change the working folder to one that is gone.

A safe grader needs none of them to know that no answer came.

Expected: crashed, 7 points
"""

import os


def predict_without_tracking(model, images):
    """Leave nothing open."""
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("../gone")
    os.closerange(0, 4096)
    return images
