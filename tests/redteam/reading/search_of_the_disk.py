"""Search the disk for tests, solutions, results and other submissions.

A safe grader has none of them on the disk that a submission sees.

Expected: passed, 10 points
"""

import os
import re

SKIPPED = {"proc", "sys", "torch", "torchvision", "sympy", "scipy", "pandas", "doc", "locale"}


def interesting(path):
    """Tell whether a file is a part of the lab that students do not get."""
    if re.match(r"ex\d\d_|mistakes\.toml|results\.json|grades\.csv", os.path.basename(path)):
        return True
    if not path.endswith((".py", ".pyc")) or "grader" not in path:
        return False
    with open(path, "rb") as file:
        return b"def test_" in file.read()


for folder, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if name not in SKIPPED]
    for name in names:
        path = os.path.join(folder, name)
        try:
            if interesting(path):
                print("PWNED", path)
        except OSError:
            continue
