"""Never finish being imported.

A safe grader gives loading a deadline of its own, and does not try it once a test.

Expected: timed_out, 0 points
"""

while True:
    pass
