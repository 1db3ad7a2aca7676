"""Raise from finalizers, hooks and tracing, wherever code goes.

A safe grader has its answer from data, and stops what gives none.

Expected: crashed, 7 points
"""

import sys
import threading


def refuse(frame, event, arg):
    """Raise in every call."""
    raise MemoryError("by tracing")


class Trap:
    """Raises when it is thrown away."""

    def __del__(self):
        """Raise."""
        raise SystemExit(0)


def predict_without_tracking(model, images):
    """Set the traps."""
    Trap()
    sys.setprofile(refuse)
    threading.setprofile(refuse)
    return images
