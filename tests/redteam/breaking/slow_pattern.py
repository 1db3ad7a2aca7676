"""Match a pattern that takes for ever, in C code that holds the interpreter.

A safe grader ends the process from outside.

Expected: timed_out, 7 points
"""

import re


def predict_without_tracking(model, images):
    """Backtrack."""
    return re.match("(a+)+$", "a" * 100 + "b")
