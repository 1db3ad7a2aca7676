"""Send an answer of a megabyte one byte at a time.

A safe grader has one deadline for the whole answer, not one for each byte.

Expected: timed_out, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]
import time


def predict_without_tracking(model, images):
    """Let it trickle."""
    os.write(PIPE, (1_000_000).to_bytes(4, "big"))
    while True:
        os.write(PIPE, b"\x93")
        time.sleep(0.01)
