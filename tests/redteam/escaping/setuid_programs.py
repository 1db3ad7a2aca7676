"""Gain rights by programs that run as root, and by asking for them.

A safe grader takes away every right, and the way to gain one.

Expected: passed, 10 points
"""

import os
import subprocess

for name in ("su", "mount", "passwd", "newgrp", "sudo", "pkexec", "bwrap", "chsh", "newuidmap"):
    for folder in ("/usr/bin", "/bin", "/usr/sbin"):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            command = [path, "-c", "id -u"] if name in ("su", "sudo") else [path, "--help"]
            done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=10)
            if done.stdout.strip() == b"0":
                print("PWNED", path)
for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
    try:
        change()
        print("PWNED", os.getuid())
    except OSError:
        pass
with open("/proc/self/status") as file:
    status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
if int(status["CapEff"], 16) or int(status["CapPrm"], 16) or status["NoNewPrivs"].strip() != "1":
    print("PWNED", status["CapEff"], status["NoNewPrivs"])
