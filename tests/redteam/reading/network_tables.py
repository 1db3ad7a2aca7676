"""Look into the kernel's tables for the machine's open ports and sockets.

A safe grader gives a submission a network of its own, with nobody in it.

Expected: passed, 10 points
Harmless: yes
"""

import os

port = f":{KNOWN['port']:04X}"
for name in ("tcp", "tcp6", "udp", "unix"):
    try:
        with open(f"/proc/net/{name}") as file:
            text = file.read()
    except OSError:
        continue
    if port in text or KNOWN["abstract socket"] in text:
        print("PWNED", name)
