"""Close the pipe of the answers and live on.

A safe grader takes that for a process that gave no answer, and waits no longer.

Expected: crashed, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]
import time


def predict_without_tracking(model, images):
    """Hang up."""
    os.close(PIPE)
    time.sleep(1000)
