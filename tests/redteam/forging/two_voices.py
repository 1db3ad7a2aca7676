"""Let a second process answer on the same pipe, faster than the first.

A safe grader notices answers that it has not asked for.

Expected: crashed or wrong, up to 10 points
"""

import os
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]

ANSWER = b"\0\0\0\x0c\x93\xa8returned\xc0\x90"
if os.fork() == 0:
    while True:
        os.write(PIPE, ANSWER)
