"""Talk to a program of the machine over a socket that needs no folder.

A safe grader gives a submission a network of its own, to which these sockets belong.

Expected: passed, 10 points
Harmless: yes
"""

import socket

try:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + KNOWN["abstract socket"])
        print("PWNED")
except OSError:
    pass
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        client, _ = socket.socketpair(socket.AF_UNIX, kind)
        client.connect("\0" + KNOWN["abstract socket"])
        print("PWNED", kind)
    except OSError:
        pass
