"""`reset`: put back what was given out, and keep what the student had beside it."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from grader.desk.given_out import stub_for

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = ["reset_exercise"]


def reset_exercise(course: Course, exercise: Exercise, file: Path) -> str:
    """Put back a file as it was given out; say in a sentence what became of the student's.

    Raises:
        UsageError: nobody knows what was given out.
        AuthoringError: it can't be made from the solution.
        OSError: it can't be written; the student's file is then as it was.
    """
    content = stub_for(course, exercise, file)
    if file.exists() and _lines(file.read_bytes()) == _lines(content):
        return f"{file} is as it was given out."
    kept = _keep(file) if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, file)  # noqa: PTH105 - in one step, for whoever watches
    had = f"; what you had is in {kept}" if kept else ""
    return f"{file} is as it was given out{had}."


def _lines(content: bytes) -> bytes:
    """Return a file with the line ends that it was given out with."""
    return content.replace(b"\r\n", b"\n")


def _keep(file: Path) -> Path:
    """Copy a file beside itself, under the first number that is free."""
    for number in count(1):
        kept = file.with_name(f"{file.name}.backup-{number}")
        try:
            with kept.open("xb") as copy:
                copy.write(file.read_bytes())
        except FileExistsError:
            continue
        return kept
    raise AssertionError  # the numbers never end
