"""Start a sandbox inside the sandbox, where it is root.

A safe grader refuses new namespaces, with or without a program for it.

Expected: passed, 10 points
"""

import shutil
import subprocess

for command in (["bwrap", "--ro-bind", "/", "/", "id", "-u"], ["unshare", "-Ur", "id", "-u"]):
    if shutil.which(command[0]):
        done = subprocess.run(command, capture_output=True, timeout=10)
        if done.returncode == 0:
            print("PWNED", command[0], done.stdout)
