"""Usernames for a file by which an LMS finds students, and whose are not known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.exports.formats import listed
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.exports.results import Student

__all__ = ["Usernames"]


@dataclass
class Usernames:
    """What students sign in with; an id stands in where no more is known."""

    _ids: list[str] = field(default_factory=list)

    def of(self, student: Student) -> str:
        """Return a student's username, or the id."""
        if not student.login:
            self._ids.append(student.student)
        return student.login or student.student

    def notes(self) -> Iterator[str]:
        """Name those whose id stands there: the LMS may pass over them and say nothing."""
        if self._ids:
            yield (
                f"The username of {plural(len(self._ids), 'student')} is not known, and the id "
                f"stands in its place; check that these are usernames: {listed(self._ids)}"
            )
