"""`reset`: put back what was given out, and keep what the student had beside it."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from grader.desk.given_out import stubs_for

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = ["reset_exercise"]


def reset_exercise(course: Course, exercise: Exercise, file: Path) -> str:
    """Put back a file, and the others that go with it, as it was given out.

    Returns:
        A sentence about what became of the student's.

    Raises:
        UsageError: nobody knows what was given out.
        AuthoringError: it can't be made from the solution.
        OSError: it can't be written; the student's file is then as it was.
    """
    stubs = stubs_for(course, exercise, file)
    changed = {place: stub for place, stub in stubs.items() if not _is_as_given(place, stub)}
    kept = [str(_keep(place)) for place in changed if place.exists()]
    for place, stub in changed.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.new")
        fresh.write_bytes(stub)
        os.replace(fresh, place)  # noqa: PTH105 - in one step, for whoever watches
    had = f" Your version is saved as {', '.join(kept)}." if kept else ""
    if len(stubs) > 1:
        return f"All files of {exercise.name} are the original ones again.{had}"
    return f"{file} is the original file again.{had}"


def _is_as_given(file: Path, content: bytes) -> bool:
    return file.exists() and _lines(file.read_bytes()) == _lines(content)


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
