"""Fork, end with success, and let the child go on answering.

A safe grader has lost the process that it started, and takes that for its end.

Expected: crashed or wrong, up to 10 points
"""

import os

if os.fork():
    os._exit(0)
