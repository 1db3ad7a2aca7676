"""Write answers into the pipe without end.

A safe grader reads no more than one frame, and throws away who sends what nobody asked for.

Expected: crashed, up to 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]

ANSWER = b"\0\0\0\x0c\x93\xa8returned\xc0\x90"


def predict_without_tracking(model, images):
    """Answer for ever."""
    while True:
        os.write(PIPE, ANSWER * 1000)
