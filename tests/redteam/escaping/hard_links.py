"""Keep files of the system by hard links, and change them there.

A safe grader has everything but the scratch folder on another, read-only file system.

Expected: passed, 10 points
"""

import os
import sys

for place in (KNOWN["secret file"], "/etc/passwd", "/usr/bin/env", sys.executable, "/proc/1/exe"):
    try:
        os.link(place, f"kept-{os.path.basename(place)}")
        print("PWNED", place)
    except OSError:
        pass
