"""Import modules that import one another from a folder of its own.

A safe grader stops it at a deadline.

Expected: timed_out, 0 points
"""

import os
import sys

with open("again.py", "w") as file:
    file.write("import sys\nsys.modules.pop('again', None)\nwhile True:\n    pass\n")
sys.path.insert(0, os.getcwd())
import again
