"""Have programs load a library of its own.

A safe grader starts no program after a submission, and cleans what it might leave.

Expected: passed, 10 points
"""

import os

os.environ["LD_PRELOAD"] = os.path.abspath("evil.so")
os.environ["PYTHONPATH"] = os.environ["PYTHONSTARTUP"] = os.getcwd()
for place in ("/etc/ld.so.preload", "/etc/ld.so.cache", "/etc/profile"):
    try:
        with open(place, "a") as file:
            print("PWNED", place)
    except OSError:
        pass
with open("evil.so", "w") as file:
    file.write("no library")
