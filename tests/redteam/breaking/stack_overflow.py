"""Overflow the stack of the interpreter, where it trusts its own limit.

A safe grader loses one process at most.

Expected: crashed, 7 points
"""


def predict_without_tracking(model, images):
    """Ask a million tuples in one another for their hash, which nothing counts."""
    deep = ()
    for _ in range(1_000_000):
        deep = (deep,)
    return hash(deep)
