"""A class that lives through several runs, made by hand: nothing is graded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from report_samples import exercise_result, outcome

from grader.results.changes import Under
from grader.results.students import StudentRecord
from grader.results.verdicts import Verdict
from grader.runs.graded_students import GradedStudents
from grader.runs.history.keeping import Keeping
from grader.runs.history.kept_runs import KeptRuns, RunRecord
from grader.runs.history.ledger import Ledger
from grader.runs.kept_class import Circumstances

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.results.verdicts import ExerciseResult, StudentResult
    from grader.runs.deciding.applying import Decisions
    from grader.runs.history.comparing import RunDiff
    from grader.runs.manual import ManualPoints
    from grader.runs.store import Store

__all__ = ["EXERCISE", "Term", "hw"]

EXERCISE = "ex06_manual_update"
PASSED, WRONG = Verdict.PASSED, Verdict.WRONG


def hw(*passed: bool, mistake: str = "", exercise: str = EXERCISE) -> ExerciseResult:
    """Return a result of tests `a`, `b` … of two points each; the wrong ones may have a name."""
    tests = [
        outcome(
            PASSED if right else WRONG,
            name=f"test_{letter}",
            title=f"Part {letter} is right.",
            mistake=None if right else mistake or None,
        )
        for letter, right in zip("abcdefgh", passed, strict=False)
    ]
    return exercise_result(*tests, exercise=exercise)


@dataclass
class Term:
    """Runs into one store.

    Attributes:
        under: what results are computed under now; change it between two runs.
        works: what each student has handed in, by a word; `first` unless it says otherwise.
        came: when each student handed in, in ISO 8601.
        students: of the last run.
    """

    store: Store
    under: Under = Under("tests 1", "limits 1", "software 1", "place 1")  # noqa: RUF009 - frozen
    works: dict[str, str] = field(default_factory=dict)
    came: dict[str, str] = field(default_factory=dict)
    circumstances: Circumstances = Circumstances(  # noqa: RUF009 - frozen
        (EXERCISE,), "cpu", "bubblewrap", course="A course", folder="/a"
    )
    decisions: Decisions | None = None
    manual: ManualPoints | None = None
    students: GradedStudents | None = None

    @property
    def runs(self) -> KeptRuns:
        """The runs that are kept."""
        return KeptRuns(self.store.database)

    def graded(
        self,
        results: Mapping[str, ExerciseResult],
        *,
        fresh: bool = False,
        stopped: bool = False,
        killed: bool = False,
        **keeping: Any,
    ) -> RunDiff | None:
        """Run once; what is stored is taken from the store.

        One that is stopped does not come to its end, and one that is killed not to its reports.
        """
        exercises = dict.fromkeys(self.circumstances.exercises, self.under)
        run = RunRecord(number=0, at="", circumstances=self.circumstances, under=exercises)
        ledger = Ledger(self.store, run, Keeping(**keeping))
        self.students = GradedStudents(
            self.store, sorted(results), manual=self.manual, decisions=self.decisions
        )
        for student, result in results.items():
            work = self.works.get(student, "first")
            key = "-".join(f"{student} {work} {self.under}".split())
            known = None if fresh else self.store.get(key)
            self.store.put({} if known else {key: result})
            record = StudentRecord(id=student, submitted_at=self.came.get(student, ""))
            kept = {key: known or result}
            found = self.students.add(record, kept, (work,), has_files=True)
            ledger.note(self.students.places[student], found)
        diff = ledger.close(self.students, is_whole=not stopped)
        if not (stopped or killed):
            self.runs.note_written()
        return diff

    def changed(self, **under: str) -> None:
        """Have something else that results are computed under."""
        self.under = Under(**{**_fields(self.under), **under})

    def scores(self) -> dict[str, float]:
        """Return what everybody has after the last run."""
        found: list[StudentResult] = list(self.students or ())
        return {each.student: each.score for each in found}


def _fields(under: Under) -> dict[str, str]:
    return {name: getattr(under, name) for name in under.__struct_fields__}
