"""Crash the interpreter.

A safe grader loses one process, and says what ended it.

Expected: crashed, 7 points
"""

import ctypes


def predict_without_tracking(model, images):
    """Read where nothing is."""
    ctypes.string_at(0)
