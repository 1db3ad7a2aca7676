"""Change the interpreter and its packages for everybody who comes later.

A safe grader shows them read-only.

Expected: passed, 10 points
"""

import os
import site
import sys

import torch

PLACES = [os.path.join(os.path.dirname(torch.__file__), "__init__.py"), os.__file__, sys.executable]
PLACES += [os.path.join(folder, "zz.pth") for folder in [*site.getsitepackages(), sys.prefix]]
for place in PLACES:
    try:
        with open(place, "a") as file:
            print("PWNED", place)
    except OSError:
        pass
