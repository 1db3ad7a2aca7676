"""Die, and leave a process behind that holds the pipes open.

A safe grader waits for the process, not only for the end of a pipe.

Expected: crashed, 7 points
"""

import os
import time


def predict_without_tracking(model, images):
    """Let somebody else keep the line."""
    if os.fork():
        os._exit(0)
    time.sleep(1000)
