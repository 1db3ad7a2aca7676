"""Send open files along with every answer, until the judge can open none of its own.

A safe grader takes the bytes alone.

Expected: passed, 10 points
"""

import array
import os
import socket
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
LINE = socket.socket(fileno=os.dup(frame.f_locals["reply_fd"]))
FILES = [os.open("/dev/null", os.O_RDONLY) for _ in range(200)]
RIGHTS = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", FILES))


def with_files(fd, data):
    """Send an answer with two hundred files at its head."""
    LINE.sendmsg([data[:4]], [RIGHTS])
    LINE.sendall(data[4:])


frame.f_globals["write_all"] = with_files
