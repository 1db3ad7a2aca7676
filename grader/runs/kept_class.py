"""The class that an output folder holds: who is in it, and where each one's results are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.errors import InfrastructureError
from grader.results.students import StudentRecord
from grader.runs.graded_students import Place
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Course
    from grader.runs.database import Database

__all__ = ["Circumstances", "KeptClass"]

LAST = "last"  # the key of the circumstances


class Circumstances(msgspec.Struct, frozen=True):
    """What everybody in a class has been graded with, and what the hand-in is called.

    Attributes:
        course: what it is called; empty where an earlier version did not keep that.
        folder: where the course was.
        limits: what submissions could use; the usual where an earlier version did not keep that.
    """

    exercises: tuple[str, ...]
    device: str
    sandbox: str
    title: str = ""
    course: str = ""
    folder: str = ""
    limits: Limits = Limits()

    def is_about(self, course: Course) -> bool:
        """Tell whether a course is the same, which may have got another title or place since."""
        if not self.course:
            return any(exercise.name in self.exercises for exercise in course.exercises)
        return self.course == course.title or self.folder == str(course.folder.resolve())


class KeptClass:
    """The class of the last run, in the output folder's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def students(self) -> list[str]:
        """Return who is in the class, in order; nobody where there was no run."""
        return self._database.keys("students")

    def circumstances(self) -> Circumstances:
        """Return what the class was graded with.

        Raises:
            InfrastructureError: that is not known.
        """
        content = self._database.get("run", LAST)
        if content is None:
            raise InfrastructureError("it is damaged what the class was graded with")
        return msgspec.json.decode(content, type=Circumstances)

    def place(self, student: str) -> Place:
        """Return where a student's results are.

        Raises:
            InfrastructureError: that is not known, or some of them are not there any more.
        """
        content = self._database.get("students", student)
        try:
            place = msgspec.json.decode(content or b"", type=Place)
        except msgspec.ValidationError as error:
            raise InfrastructureError(f"an earlier version kept the work of {student}") from error
        except msgspec.DecodeError as error:
            raise InfrastructureError(f"what was kept of {student} is damaged") from error
        if not all(self._has(place, key) for key in place.keys):
            raise InfrastructureError(f"what was kept of {student} is damaged")
        return place

    def may_have_results(self, student: str) -> bool:
        """Tell whether a student was graded, as far as that can be read."""
        try:
            return bool(self.place(student).keys)
        except InfrastructureError:
            return True

    def _has(self, place: Place, key: str) -> bool:
        return key in (place.unkept or {}) or self._database.get("results", key) is not None

    def records(self) -> list[StudentRecord]:
        """Return who is in the class, in order; of whom nothing else can be read, the id."""
        return list(map(self._record, self.students()))

    def _record(self, student: str) -> StudentRecord:
        content = self._database.get("students", student)
        try:
            return msgspec.json.decode(content or b"", type=Place).record
        except msgspec.DecodeError:
            return StudentRecord(id=student)

    def keep(self, circumstances: Circumstances, places: Mapping[str, Place]) -> None:
        """Keep a class in the place of the one before."""
        rows = {student: msgspec.json.encode(place) for student, place in places.items()}
        left = set(self.students()).difference(rows)
        self._database.put("students", rows, without=left)
        self._database.put("run", {LAST: msgspec.json.encode(circumstances)})
