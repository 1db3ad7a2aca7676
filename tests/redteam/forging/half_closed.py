"""Shut the line of the answers in every direction, and go on as if nothing had happened.

A safe grader takes that for a process that gave no answer.

Expected: crashed, 7 points
"""

import os
import socket
import sys
import time

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
LINE = socket.socket(fileno=os.dup(frame.f_locals["reply_fd"]))


def predict_without_tracking(model, images):
    """Shut it one way, then the other."""
    LINE.shutdown(socket.SHUT_RD)
    LINE.setblocking(False)
    LINE.shutdown(socket.SHUT_WR)
    time.sleep(1000)
