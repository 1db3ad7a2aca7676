"""Announce a frame of four gigabytes, and send what there is.

A safe grader refuses it by its length, before it reserves or reads anything.

Expected: crashed, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]


def predict_without_tracking(model, images):
    """Announce much."""
    while True:
        os.write(PIPE, b"\xff\xff\xff\xff" + bytes(2**16))
