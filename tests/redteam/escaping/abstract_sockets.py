"""Talk to a program of the machine over a socket that needs no folder.

A safe grader gives a submission a network of its own, to which these sockets belong.

Expected: passed, 10 points
Harmless: yes
"""

import socket

with socket.socket(socket.AF_UNIX) as client:
    try:
        client.connect("\0" + KNOWN["abstract socket"])
        print("PWNED")
    except OSError:
        pass
