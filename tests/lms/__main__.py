"""Write downloads of the class: `cd tests; python -m lms FOLDER [NAME …]`."""

from __future__ import annotations

import sys
from pathlib import Path

from lms.downloads import DOWNLOADS
from lms.packing import write

if __name__ == "__main__":
    folder, *wanted = sys.argv[1:]
    for name in wanted or DOWNLOADS:
        for form in DOWNLOADS[name].forms:
            into = Path(folder) / name / form.value
            into.mkdir(parents=True, exist_ok=True)
            print(write(DOWNLOADS[name], form, into))
