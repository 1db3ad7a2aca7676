"""Abort, with a core file in mind.

A safe grader loses one process, and writes no core.

Expected: crashed, 7 points
"""

import os


def predict_without_tracking(model, images):
    """End badly."""
    os.abort()
