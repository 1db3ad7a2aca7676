"""Tell whether a page on disk already says what it would say if it were rendered again."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.courses import resource
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses import Course
    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["contents", "digest", "digest_of", "edition", "edition_on_disk", "run_edition"]

MARKER = re.compile(rb'<meta name="edition" content="([0-9a-f]+)">')
HEAD_BYTES = 1024  # the marker stands before anything that comes from a submission


def edition(result: StudentResult, run: GradingRun) -> str:
    """Return a hash of all that a student's page is made from: results, run, program."""
    return digest(f"{_known(result)}{run_edition(run)}")


def _known(result: StudentResult) -> str:
    """Return a hash of all that is in a result."""
    try:
        content = msgspec.msgpack.encode(result)  # in a tenth of the time that `repr` takes
    except UnicodeEncodeError:  # a name that UTF-8 can't hold
        content = repr(result).encode("utf-8", "backslashreplace")
    return hashlib.sha256(content).hexdigest()


def run_edition(run: GradingRun) -> str:
    """Return a hash of what every page of a run shows beside results, and of the program."""
    words = _words_of(run.course)
    return digest(repr((run.device, run.sandbox, run.versions, run.title, words, _program())))


def digest(text: str) -> str:
    """Return a hash of a text, whatever it is made of."""
    return digest_of([text])


def digest_of(texts: Iterable[str]) -> str:
    """Return a hash of texts, of which one at a time is in memory."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode("utf-8", "backslashreplace"))
    return found.hexdigest()[:32]


def contents(files: Iterable[Path]) -> str:
    """Return a hash of what is in some files, with their names; one may be missing."""
    there = sorted({file for file in files if file.is_file()})
    found = [(str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in there]
    return digest(repr(found))


def edition_on_disk(page: Path) -> str:
    """Return the edition that a page was rendered from, or nothing where there is no page."""
    if not page.is_file():
        return ""
    with page.open("rb") as file:
        found = MARKER.search(file.read(HEAD_BYTES))
    return found[1].decode() if found else ""


@cache
def _words_of(course: Course) -> str:
    """Return a hash of the words of a course that pages show, and of what no page may show."""
    starts = read_table(course.folder).starts
    modules = [file for each in course.exercises for file in each.modules.values()]
    solutions = contents([*sorted(course.solutions.glob("*.py")), *modules])
    return digest(repr((course.exercises, known_mistakes(course), starts, solutions)))


@cache
def _program() -> bytes:
    """Return a hash of the templates and modules that make a page."""
    modules = Path(__file__).parent.rglob("*.py")
    files = sorted([*modules, *resource("templates").glob("*.*")])
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).digest()
