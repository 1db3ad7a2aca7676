"""Look for the judge's secrets among the variables of its own process.

A safe grader gives a submission an environment of its own.

Expected: passed, 10 points
Harmless: yes
"""

import os

with open("/proc/self/environ") as file:
    words = [*os.environ.items(), *file.read().split("\0")]
for word in words:
    if "LAB_" in str(word) and "MNIST" not in str(word):
        print("PWNED", word)
