"""The lab's right and wrong works, as tests name them and as somebody would hand them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from the_lab import LAB, exercise_named

from grader.authoring import handed_in
from grader.courses import works_of

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Work

__all__ = ["all_works", "name_of", "text_of", "write_work", "wrong_work"]


def all_works() -> list[Work]:
    """Return the works of every exercise."""
    return [work for exercise in LAB.exercises for work in works_of(LAB, exercise)]


def wrong_work(exercise: str, name: str) -> Work:
    """Return one that is wrong."""
    works = works_of(LAB, exercise_named(exercise))
    return next(work for work in works if work.name == name and not work.is_right)


def name_of(work: Work) -> str:
    """Return what a work is called among those of all exercises."""
    return f"{work.exercise.name}-{work.name}{'-right' if work.is_right else ''}"


def text_of(work: Work) -> str:
    """Return what its one file holds."""
    (text,) = handed_in(LAB, work).values()
    return text


def write_work(work: Work, folder: Path) -> Path:
    """Write its one file into a folder, which is made, and return its path."""
    ((name, text),) = handed_in(LAB, work).items()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name
