"""Overflow the stack of the interpreter, where it trusts its own limit.

A safe grader loses one process at most.

Expected: crashed, 7 points
"""

import sys

sys.setrecursionlimit(10**9)


def predict_without_tracking(model, images):
    """Show a list in a list in a list."""
    deep = []
    for _ in range(200_000):
        deep = [deep]
    return repr(deep)
