"""Answer in other protocols: HTTP, JSON, pickle, a shell script.

A safe grader takes what is no frame of its own for no answer.

Expected: crashed, 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]

TALK = [b"HTTP/1.1 200 OK\r\n\r\n", b'{"score": 10}\n', b"\x80\x04K\n.", b"#!/bin/sh\nexit 0\n"]


def predict_without_tracking(model, images):
    """Speak up."""
    os.write(PIPE, b"".join(TALK) * 100)
    os._exit(0)
