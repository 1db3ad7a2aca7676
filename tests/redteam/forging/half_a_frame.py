"""Send half an answer and end with success.

A safe grader compares nothing that is not whole.

Expected: crashed, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]


def predict_without_tracking(model, images):
    """Begin."""
    os.write(PIPE, b"\0\0\0\x0c\x93\xa8retu")
    os._exit(0)
