"""Verdicts, and the records of a grading run that every output is rendered from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from grader.results.decided import Kind, Lateness, Ruling, Settled
from grader.results.message import Message
from grader.results.pictures import Picture  # noqa: TC001 - msgspec reads annotations when it decodes
from grader.results.saved_notebook import NotebookCell  # noqa: TC001 - same
from grader.results.students import StudentRecord  # noqa: TC001 - same

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "SCHEMA",
    "ExerciseResult",
    "ManualPart",
    "SourceCode",
    "StudentResult",
    "TestResult",
    "Verdict",
    "fault",
    "newest",
    "totals",
    "worst",
]

SCHEMA = 2  # of `results.json`
if TYPE_CHECKING:
    _Kept = Message
else:
    _Kept = Message | str  # as an earlier version has kept it


class Verdict(StrEnum):
    """What became of a test; ordered from worst to best."""

    GRADER_FAULT = "grader_fault"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    NOT_STARTED = "not_started"
    WRONG = "wrong"
    PASSED = "passed"

    @property
    def words(self) -> str:
        """The verdict as people read it: `not started`."""
        return self.value.replace("_", " ")

    @property
    def was_tried(self) -> bool:
        """Whether something was handed in that a test could judge."""
        return self in _TRIED

    @property
    def sign(self) -> str:
        """One character for it, so that no page and no screen needs colour."""
        return _SIGNS[self]


_SIGNS = {
    Verdict.GRADER_FAULT: "\N{BLACK FLAG}\N{VARIATION SELECTOR-15}",
    Verdict.UNREADABLE: "?",
    Verdict.MISSING: "\N{EN DASH}",
    Verdict.CRASHED: "!",
    Verdict.TIMED_OUT: "\N{CIRCLE WITH UPPER RIGHT QUADRANT BLACK}",
    Verdict.NOT_STARTED: "\N{WHITE CIRCLE}",
    Verdict.WRONG: "\N{BALLOT X}",
    Verdict.PASSED: "\N{CHECK MARK}",
}
_TRIED = (Verdict.PASSED, Verdict.WRONG, Verdict.CRASHED, Verdict.TIMED_OUT)
_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts; of none, PASSED."""
    return min(verdicts, key=_SEVERITY.__getitem__, default=Verdict.PASSED)


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one exercise, for one student.

    Attributes:
        name: the test function's name.
        title: the student's line, the first of the test's docstring.
        public: whether the student could run it too.
        message: what was called, what came back, what was expected; empty when it passed. One that
            was kept as text is a message that has only text.
        mistake: slug of the recognised mistake; whoever shows it looks its words up.
        raised: where code stopped with an error that shows no mistake, what the hint of its kind is
            called in the table of mistakes: `type-error`; where nothing is written yet, the
            function or the answer cell.
        pictures: what a public check drew; kept for the report, not part of `results.json`.
        fingerprint: what a wrong answer to a hidden test is known by that nothing recognised: equal
            ones computed the same. For the instructor alone; empty where there is none.
    """

    __test__ = False  # not a test class, whatever pytest reads into its name

    name: str
    title: str
    public: bool
    verdict: Verdict
    score: float
    max_score: float
    message: _Kept = Message()
    mistake: str | None = None
    pictures: tuple[Picture, ...] = ()
    raised: str = ""
    fingerprint: str = ""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "message", Message.of(self.message))


def totals(tests: Iterable[TestResult]) -> tuple[float, float]:
    """Return score and maximum of some tests; a fault of the grader's counts in neither."""
    counted = [test for test in tests if test.verdict is not Verdict.GRADER_FAULT]
    return sum(test.score for test in counted), sum(test.max_score for test in counted)


def newest(times: Iterable[str]) -> str:
    """Return the newest of some times in ISO 8601 with their zones; empty where none is known."""
    return max(filter(None, times), key=datetime.fromisoformat, default="")


class SourceCode(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in, as the report shows it.

    Attributes:
        language: `python`, or `text` for what could not be read as Python.
        marked_lines: 1-based lines of `text` that an error names.
        cells: a notebook's cells; `text` then is the code of all of them.
        digest: SHA-256 of the file.
    """

    text: str
    language: str = "python"
    marked_lines: tuple[int, ...] = ()
    cells: tuple[NotebookCell, ...] = ()
    digest: str = ""


class ManualPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an exercise that a person grades, and no test.

    Attributes:
        name: what the course calls it.
        score: what the person gave; None as long as nobody has graded it.
        comment: what the person wrote to it.
    """

    name: str
    max_score: float
    score: float | None = None
    comment: str = ""


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise of one student.

    Attributes:
        source: name of the file that was graded, or None where nothing was handed in.
        seconds: wall time that grading it took.
        graded_at: when that was, in ISO 8601 with its zone; empty before a run has taken it in.
        notes: what the reader should know about the file: which was taken, what was set aside.
        code: the student's code; kept for the report, not part of `results.json`.
        printed: what the file printed while it was loaded; kept for the report as well.
        manual: the parts that a person grades. They are no part of the verdict; points that were
            given count in both scores, and what nobody has graded counts in neither.
        weight: how often its points count in the student's, by decision; 0 where they don't.
    """

    exercise: str
    verdict: Verdict
    score: float
    max_score: float
    source: str | None
    seconds: float
    tests: tuple[TestResult, ...]
    notes: tuple[str, ...] = ()
    code: SourceCode | None = None
    printed: str = ""
    graded_at: str = ""
    manual: tuple[ManualPart, ...] = ()
    weight: float = 1.0

    @property
    def is_absent(self) -> bool:
        """Whether nothing was handed in for it; a function may be missing in a file that was."""
        return self.source is None and self.verdict is Verdict.MISSING

    @property
    def is_unfinished(self) -> bool:
        """Whether a part of it is not written or not there, and another part is."""
        open_ones = {Verdict.NOT_STARTED, Verdict.MISSING}
        return self.verdict in open_ones and any(test.verdict.was_tried for test in self.tests)

    @property
    def has_fault(self) -> bool:
        """Whether the grader failed anywhere in it, so that its score says nothing."""
        tests = (test.verdict for test in self.tests)
        return Verdict.GRADER_FAULT in (self.verdict, *tests)


def fault(exercise: str, reason: str) -> ExerciseResult:
    """Return the result of an exercise that the grader could not grade."""
    test = TestResult(
        name="grading",
        title="The grader could not finish this exercise.",
        public=False,
        verdict=Verdict.GRADER_FAULT,
        score=0.0,
        max_score=0.0,
        message=Message(reason),
    )
    return ExerciseResult(
        exercise=exercise,
        verdict=Verdict.GRADER_FAULT,
        score=0.0,
        max_score=0.0,
        source=None,
        seconds=0.0,
        tests=(test,),
    )


class StudentResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one student.

    Attributes:
        has_files: whether a file for some exercise was handed in, also for one that does not count.
        computed: score and maximum by grading alone; None where nobody has decided anything.
        usual_max: the maximum of those who are not excused from anything; None likewise.
        rulings: what was decided, first about the whole and then about each exercise.
        lateness: how late it was, where a due date is known.
    """

    record: StudentRecord
    score: float
    max_score: float
    exercises: tuple[ExerciseResult, ...]
    has_files: bool = False
    computed: tuple[float, float] | None = None
    usual_max: float | None = None
    rulings: tuple[Ruling, ...] = ()
    lateness: Lateness | None = None

    @property
    def student(self) -> str:
        """The student's id."""
        return self.record.id

    @property
    def excused(self) -> bool:
        """Whether the student is excused from the whole hand-in."""
        names = [each.exercise for each in self.exercises]
        return bool(names) and all(map(self.is_excused_from, names))

    def is_excused_from(self, exercise: str) -> bool:
        """Tell whether the student is excused from an exercise, or from all of them."""
        excused = (each.exercise for each in self.rulings if each.kind is Kind.EXCUSED)
        return any(each in {exercise, ""} for each in excused)

    @property
    def settled(self) -> Settled:
        """The tests over which people have decided in the student's favour."""
        return Settled.by((e.kind, e.exercise, e.test, e.change) for e in self.rulings)

    @property
    def by_decision(self) -> float:
        """How many points more than by grading the decisions about points give."""
        weights = {each.exercise: each.weight for each in self.exercises}
        return sum(each.change * weights.get(each.exercise, 1.0) for each in self.rulings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about the hand-in as a whole, as sentences."""
        return self.record.notes

    @property
    def graded_at(self) -> str:
        """When the newest of the results was computed."""
        return newest(each.graded_at for each in self.exercises)
