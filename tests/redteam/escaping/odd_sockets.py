"""Open sockets to virtual machines, the kernel, the wire and Bluetooth.

A safe grader allows ordinary families alone.

Expected: passed, 10 points
"""

import socket

for family in (16, 17, 21, 29, 30, 31, 38, 40, 44):
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try:
            socket.socket(family, kind).close()
            print("PWNED", family, kind)
        except OSError:
            pass
