"""Search its own memory, which the fork server had before it, for an earlier student's.

A safe grader has a fork server that never held anything of a submission.

Expected: passed, 10 points
"""

import re

with open("/proc/self/maps") as file:
    areas = re.findall(r"^(\w+)-(\w+) rw", file.read(), re.MULTILINE)
begin = b"lab-" + b"secret-"
with open("/proc/self/mem", "rb") as file:
    for start, end in areas:
        start, end = int(start, 16), int(end, 16)
        try:
            file.seek(start)
            memory = file.read(min(end - start, 2**25))
        except (OSError, ValueError, OverflowError):
            continue
        for word in set(re.findall(begin + rb"[0-9a-f]{16}", memory)):
            print("PWNED", word)
