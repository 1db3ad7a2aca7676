"""Make twenty thousand empty files.

A safe grader removes them all, in time.

Expected: passed, 10 points
"""

for number in range(20_000):
    open(f"file-{number}", "w").close()
