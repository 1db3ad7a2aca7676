"""What a platform is: it takes some files, and reads what its grading left in its own format."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING

from grader.courses import carried_course, resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.bundles.settings import Bundle
    from grader.courses import Course, Exercise
    from grader.exports.results import Student

__all__ = ["Graded", "Order", "Platform", "from_template"]


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        course: which is graded.
        exercises: those of it that count; empty for all.
    """

    course: Course
    exercises: tuple[Exercise, ...] = ()

    @property
    def has_own_course(self) -> bool:
        """Whether the course is another one than the grader carries."""
        return self.course.folder != carried_course().folder

    @property
    def counting(self) -> tuple[Exercise, ...]:
        """The exercises that count."""
        return self.exercises or self.course.exercises


@dataclass(frozen=True)
class Graded:
    """What came of one student's work.

    Attributes:
        student: the results.
        course: whose exercises they are of.
        page: the student's page, if there is one.
    """

    student: Student
    course: Course
    page: Path | None


@dataclass(frozen=True)
class Platform:
    """A platform.

    Attributes:
        name: as the command line knows it.
        files: what it is given, by path; what begins with `#!` is a program.
        next_step: what to do with that, as a sentence.
        is_zip: whether it takes one zip, and not a folder.
        report: inside it, writes what came of a submission to where the platform looks for it.
            What is nobody's to run there grades by `grader grade`, and has none.
    """

    name: str
    files: Callable[[Order], Iterator[tuple[str, bytes]]]
    next_step: str
    is_zip: bool = False
    report: Callable[[Graded, Bundle, Path], None] | None = None


def from_template(name: str, **values: str) -> bytes:
    """Return a file of `templates/bundles`, with its `$names` filled in."""
    text = (resource("templates") / "bundles" / name).read_text(encoding="utf-8")
    return (Template(text).substitute(values) if values else text).encode()
