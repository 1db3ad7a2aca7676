"""Tell whether a page on disk already says what it would say if it were rendered again."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader import lab
from grader.courses.mistakes import TABLE

if TYPE_CHECKING:
    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["digest", "edition", "edition_on_disk", "run_edition"]

MARKER = re.compile(rb'<meta name="edition" content="([0-9a-f]+)">')
HEAD_BYTES = 1024  # the marker stands before anything that comes from a submission


def edition(result: StudentResult, run: GradingRun) -> str:
    """Return a hash of all that a student's page is made from: results, run, program."""
    return digest(f"{result!r}{run_edition(run)}")


def run_edition(run: GradingRun) -> str:
    """Return a hash of what every page of a run shows beside results, and of the program."""
    return digest(repr((run.device, run.sandbox, run.versions, run.title, _program())))


def digest(text: str) -> str:
    """Return a hash of a text, whatever it is made of."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def edition_on_disk(page: Path) -> str:
    """Return the edition that a page was rendered from, or nothing where there is no page."""
    if not page.is_file():
        return ""
    with page.open("rb") as file:
        found = MARKER.search(file.read(HEAD_BYTES))
    return found[1].decode() if found else ""


@cache
def _program() -> bytes:
    """Return a hash of the templates, modules and words of mistakes that make a page."""
    modules = [*Path(__file__).parent.rglob("*.py"), Path(lab.__file__)]
    files = sorted([*modules, TABLE, *lab.resource("templates").glob("*.*")])
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).digest()
