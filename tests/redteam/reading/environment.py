"""Look for the judge's secrets among the variables of its own process.

A safe grader gives a submission an environment of its own.

Expected: passed, 10 points
Harmless: yes
"""

import os

words = list(os.environ.items())
try:
    with open("/proc/self/environ") as file:
        words += file.read().split("\0")
except OSError:
    pass
for word in words:
    if "GRADER_SECRET" in str(word):
        print("PWNED", word)
