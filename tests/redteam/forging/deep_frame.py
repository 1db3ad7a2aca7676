"""Nest an answer a million deep.

A safe grader has a decoder that refuses depth, and a stack that survives it.

Expected: crashed, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]


def predict_without_tracking(model, images):
    """Send arrays in arrays."""
    data = (1_000_000).to_bytes(4, "big") + b"\x91" * 1_000_000
    while data:
        data = data[os.write(PIPE, data) :]
