"""Write a file wherever it can be of use later.

A safe grader lets a submission write to its own scratch folder alone.

Expected: passed, 10 points
Harmless: yes
"""

import os

for folder in KNOWN["places"]:
    try:
        with open(os.path.join(folder, KNOWN["marker"]), "w") as file:
            file.write("here")
    except OSError:
        pass
