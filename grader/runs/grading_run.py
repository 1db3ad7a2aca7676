"""What a run came to, as reports are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.runs.graded_students import GradedStudents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses import Course
    from grader.results.students import StudentRecord
    from grader.results.verdicts import StudentResult
    from grader.runs.history.comparing import RunDiff
    from grader.runs.history.stuck import Stuck

__all__ = ["GradingRun"]


class GradingRun(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run: what the reports are rendered from.

    Attributes:
        course: whose exercises were graded.
        students: may be read from the disk each time that somebody goes through them.
        records: of everybody in the class, also of those who are not graded.
        ungraded: ids of students that the run was stopped before; empty for a finished run.
        sandbox: `bubblewrap`; `landlock`, which is weaker; `none`, which protects nothing.
        versions: name to version of what was run: python, torch, torchvision, grader.
        notes: what its instructor should know, as sentences: what was left out of the class.
        title: of the hand-in, as its reports name it.
        graded_at: when the newest of its results was computed.
        nothing_new: whether earlier runs had computed all of them.
        changes: what is different from the run before; None for the first one.
        stuck: whose last hand-ins all fail one test, as far as the runs are kept.
    """

    course: Course
    device: str
    sandbox: str
    students: Iterable[StudentResult]
    records: tuple[StudentRecord, ...]
    ungraded: tuple[str, ...] = ()
    versions: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    title: str = ""
    graded_at: str = ""
    nothing_new: bool = False
    changes: RunDiff | None = None
    stuck: tuple[Stuck, ...] = ()

    def result_of(self, student: str) -> StudentResult:
        """Return the results of one who is graded, without going through those of the others.

        Raises:
            InfrastructureError: the store has lost some of them.
        """
        if isinstance(self.students, GradedStudents):
            return self.students.read(student)
        return next(each for each in self.students if each.student == student)
