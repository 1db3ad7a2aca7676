"""Read a file in the home folder of whoever grades.

A safe grader shows a submission no home folder.

Expected: passed, 10 points
Harmless: yes
"""

try:
    with open(KNOWN["home"]) as file:
        print("PWNED", file.read())
except OSError:
    pass
