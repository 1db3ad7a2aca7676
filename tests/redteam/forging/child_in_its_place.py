"""Fork, end with success, and let the child go on answering.

A safe grader has lost the process that it started, and takes that for its end. Until it notices, it
is the right work that answers, so a child that is quick has what that is worth and no more.

Expected: crashed or wrong or passed, up to 10 points
"""

import os

if os.fork():
    os._exit(0)
