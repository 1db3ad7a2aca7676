"""Make the pictures of the README from the demo class: `python -m tests.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import opened, started_chromium
from demo import DEMO, OF_THE_DEMO, grader
from PIL import Image
from playwright.sync_api import ViewportSize

SHOTS = {  # a picture's name to the page, and how much of it: CSS pixels
    "student-page.png": ("students/student-06.html", ViewportSize(width=1100, height=1250)),
    "class-page.png": ("index.html", ViewportSize(width=1100, height=1250)),
}
COLOURS = 128  # the pages have few; a picture takes a third of the room


def shoot(reports: Path, folder: Path) -> None:
    """Write the pictures of some reports."""
    with started_chromium() as browser:
        for name, (file, size) in SHOTS.items():
            with opened(browser, reports / file) as page:
                page.set_viewport_size(size)
                page.screenshot(path=folder / name)
            with Image.open(folder / name) as picture:
                small = picture.convert("RGB").quantize(COLOURS)
            small.save(folder / name, optimize=True)


def main() -> None:
    """Grade the demo class and take the pictures."""
    with tempfile.TemporaryDirectory() as reports:
        graded = grader("grade", DEMO, "--output", reports, *OF_THE_DEMO)
        if graded.returncode:
            sys.exit(graded.stderr)
        shoot(Path(reports), DEMO.parent)


if __name__ == "__main__":
    main()
