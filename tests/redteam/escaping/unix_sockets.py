"""Talk to a program of the machine over a socket in a folder.

A safe grader shows a submission none of these folders.

Expected: passed, 10 points
Harmless: yes
"""

import socket

PLACES = [KNOWN["socket"], "/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket",
          "/run/systemd/private", "/run/containerd/containerd.sock"]
for place in PLACES:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(place)
            print("PWNED", place)
    except OSError:
        pass
