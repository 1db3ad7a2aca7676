"""Connect to a port of the machine that grades.

A safe grader gives a submission a network without a way out.

Expected: passed, 10 points
Harmless: yes
"""

import socket

for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0"):
    try:
        socket.create_connection((host, KNOWN["port"]), timeout=0.2)
        print("PWNED", host)
    except OSError:
        pass
