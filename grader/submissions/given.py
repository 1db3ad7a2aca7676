"""What a course gave out: files that are nobody's work, known by what is in them.

A file's name says nothing of that: students work in files of these names, and rename them. What
earlier editions gave out is known by its digest, since students hand in what they have.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.submissions.disk.files import FoundFile

__all__ = [
    "LIST",
    "MAX_GIVEN_BYTES",
    "beginning",
    "digests",
    "is_check",
    "is_stub",
    "note_given_out",
    "was_given_out",
]

LIST = "given_out.txt"  # in the course's folder, of all editions: kind, digest, name
MAX_GIVEN_BYTES = 2**18  # what is larger is work: a stub has 8 KB, and more as a notebook that ran


def is_stub(content: bytes, kind: str, course: Course) -> bool:
    """Tell whether a file is an exercise as it was given out; a notebook's outputs don't count.

    Args:
        content: the file, or its first bytes where it has more than `MAX_GIVEN_BYTES`.
        kind: `.py` or `.ipynb`.
        course: whose exercises they are.
    """
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, kind) in _given_out("stub", course)


def is_check(content: bytes, course: Course) -> bool:
    """Tell whether a file is one of the public checks, whose files are named like exercises."""
    return len(content) <= MAX_GIVEN_BYTES and _digest(content, ".py") in _given_out(
        "check", course
    )


def was_given_out(file: FoundFile, kind: str, course: Course) -> bool:
    """Tell whether a file is a stub or a check of the course, and nobody's work."""
    content = beginning(file)
    return is_stub(content, kind, course) or is_check(content, course)


def beginning(file: FoundFile) -> bytes:
    """Return what decides whether a file was given out; nothing of what can't be read."""
    try:
        return file.read(MAX_GIVEN_BYTES + 1)
    except UnreadableFile:
        return b""


def digests(course: Course) -> Iterator[str]:
    """Give a line for each file that is given out now, as they stand in the list of all."""
    for exercise in course.exercises:
        for name in exercise.file_names:
            file = course.stubs / name
            if file.is_file():
                yield f"stub {_digest(file.read_bytes(), file.suffix).hex()} {name}"
        check = exercise.public_checks
        if check.is_file():
            yield f"check {_digest(check.read_bytes(), check.suffix).hex()} {check.name}"


def note_given_out(course: Course) -> int:
    """Add what is given out now to the list, so that it is known in later terms; count it."""
    file = course.folder / LIST
    known = _listed(file)
    new = [line for line in digests(course) if line not in known]
    if new:
        file.write_text("\n".join([*known, *new]) + "\n", "utf-8")
    return len(new)


@cache
def _given_out(kind: str, course: Course) -> frozenset[bytes]:
    """Return the digests of a kind, of this edition and of all before."""
    lines = [*_listed(course.folder / LIST), *digests(course)]
    return frozenset(bytes.fromhex(line.split()[1]) for line in lines if line.startswith(kind))


def _listed(file: Path) -> list[str]:
    """Return the lines of a list; a course that has given out nothing yet has none."""
    return file.read_text("utf-8").splitlines() if file.is_file() else []


def _digest(content: bytes, kind: str) -> bytes:
    """Return a digest of a file's code, whatever its line ends and other white space."""
    code = _cells(content) if kind == ".ipynb" else content
    return hashlib.sha256(b" ".join(code.removeprefix(b"\xef\xbb\xbf").split())).digest()


def _cells(notebook: bytes) -> bytes:
    """Return what stands in a notebook's code cells, or all of what is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        return "\n".join(code).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return notebook
