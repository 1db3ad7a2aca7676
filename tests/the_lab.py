"""The course that this package carries, as tests name it and its exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader import submissions
from grader.courses import carried_course

if TYPE_CHECKING:
    from pathlib import Path

    from grader.submissions import ClassWork, Submission

__all__ = [
    "EXERCISES",
    "LAB",
    "exercise_named",
    "exercises_named",
    "find_class",
    "find_submissions",
]

LAB = carried_course()
EXERCISES = LAB.exercises
exercise_named = LAB.exercise_named
exercises_named = LAB.exercises_named


def find_class(path: Path, output: Path | None = None) -> ClassWork:
    """Find what a class handed in for the lab."""
    return submissions.find_class(path, LAB, output)


def find_submissions(path: Path) -> list[Submission]:
    """Find the submissions of such a class."""
    return find_class(path).submissions
