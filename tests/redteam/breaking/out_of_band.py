"""Send bytes out of band, so that there is something to read that no reading gets.

A safe grader waits for an answer until its deadline, and sandboxes refuse such bytes altogether.

Expected: passed, 10 points
"""

import os
import socket
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
LINE = socket.socket(fileno=os.dup(frame.f_locals["reply_fd"]))

try:
    LINE.send(b"\0", socket.MSG_OOB)
    print("PWNED out of band")
except OSError:
    pass
