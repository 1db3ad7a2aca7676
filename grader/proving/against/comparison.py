"""What a class would have by suites as they are now, beside what it has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.results.changes import Reason, change_between, gaining, losing
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.changes import Change, Side
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult, TestResult

__all__ = ["Comparison", "Naming", "Passing"]


@dataclass
class Passing:
    """How many passed a hidden test, of those who handed in what it could judge.

    Attributes:
        tried: how many those are now.
        tried_before: how many they were; 0 where the test did not exist.
    """

    exercise: str
    test: str
    title: str
    tried: int = 0
    passed: int = 0
    tried_before: int = 0
    passed_before: int = 0

    @property
    def is_by_all_or_none(self) -> bool:
        """Whether it tells nobody from anybody."""
        return self.tried > 0 and self.passed in {0, self.tried}

    @property
    def was_so_before(self) -> bool:
        """Whether the same was true of it then."""
        all_now, all_then = self.passed > 0, self.passed_before == self.tried_before
        return self.tried_before > 0 and (all_then if all_now else not self.passed_before)


@dataclass(frozen=True)
class Naming:
    """A test that names another mistake than before, or names one only once, and for whom.

    Attributes:
        before: the mistake's slug; empty for none.
        after: likewise.
    """

    exercise: str
    test: str
    before: str
    after: str
    students: tuple[StudentRecord, ...]


@dataclass
class Comparison:
    """All of it; results are added student by student, and nothing of their code is kept.

    Attributes:
        students: ids of those who have a result both times.
        changes: whose points differ, and whose work is another.
        passing: of each exercise and hidden test, who passes it.
        points: of each exercise, what its tests add up to, before and now, wherever that differs.
        judged: of each exercise, for what reasons its results may differ.
        faults: of each fault of the grader now (exercise, test and message), whom it met.
        failed_before: whom one met then, by id, so that there is no score to compare with.
        lacking: exercises of which there are no earlier results.
        gone: who has earlier results, and whose work is not here.
        strangers: whose work is here, and who has no earlier results.
        notes: what else is to be known, as sentences.
    """

    students: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    passing: dict[tuple[str, str], Passing] = field(default_factory=dict)
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    judged: dict[str, Counter[Reason]] = field(default_factory=dict)
    faults: dict[tuple[str, str, str], list[StudentRecord]] = field(default_factory=dict)
    failed_before: dict[str, StudentRecord] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    gone: Sequence[StudentRecord] = ()
    strangers: Sequence[StudentRecord] = ()
    notes: list[str] = field(default_factory=list)
    _namings: dict[tuple[str, str, str, str], list[StudentRecord]] = field(default_factory=dict)

    def add(self, student: StudentRecord, exercise: str, before: Side | None, after: Side) -> None:
        """Take in what a student had in an exercise, and would have now."""
        change = change_between(student, exercise, before, after)
        self.judged.setdefault(exercise, Counter())[change.reason] += 1
        self._count(exercise, before, after)
        if change.reason is Reason.FAULT:
            self._note_faults(student, after.result)
        elif change.reason is not Reason.FIRST:
            self.students.add(student.id)
            self._note(change)

    @property
    def losing(self) -> list[Change]:
        """Who would lose, who would lose most first."""
        return losing(self._by_tests)

    @property
    def gaining(self) -> list[Change]:
        """Who would gain, who would gain most first."""
        return gaining(self._by_tests)

    @property
    def handed_in_anew(self) -> list[Change]:
        """Whose work is another than before, so that the tests alone explain no difference."""
        return [each for each in self.changes if each.reason is Reason.WORK]

    @property
    def _by_tests(self) -> Iterator[Change]:
        return (each for each in self.changes if each.reason is Reason.TESTS)

    @property
    def faulty(self) -> set[str]:
        """The ids of the students whose work met a fault of the grader now."""
        return {student.id for students in self.faults.values() for student in students}

    @property
    def unchanged(self) -> list[str]:
        """Exercises whose results nothing could have changed but other work."""
        by_tests = {Reason.TESTS, Reason.FAULT}
        return [name for name, reasons in self.judged.items() if by_tests.isdisjoint(reasons)]

    @property
    def namings(self) -> list[Naming]:
        """Where mistakes are named otherwise; what most students get comes first."""
        found = [Naming(*key, tuple(students)) for key, students in self._namings.items()]
        return sorted(found, key=lambda each: -len(each.students))

    @property
    def telling_nobody_apart(self) -> list[Passing]:
        """The tests of changed exercises that no student passes, or all; first what is new."""
        found = [
            each
            for each in self.passing.values()
            if each.is_by_all_or_none and each.exercise not in self.unchanged
        ]
        return sorted(found, key=lambda each: (each.was_so_before, each.passed > 0))

    def _count(self, exercise: str, before: Side | None, after: Side) -> None:
        for test in _judged(after):
            passing = self._passing(exercise, test)
            passing.tried += 1
            passing.passed += test.verdict is Verdict.PASSED
        for test in _judged(before):
            passing = self._passing(exercise, test)
            passing.tried_before += 1
            passing.passed_before += test.verdict is Verdict.PASSED

    def _passing(self, exercise: str, test: TestResult) -> Passing:
        new = Passing(exercise, test.name, test.title)
        return self.passing.setdefault((exercise, test.name), new)

    def _note(self, change: Change) -> None:
        if change.reason is Reason.TESTS:
            self._note_names(change)
            self._note_points(change)
        if change.gain or change.reason is Reason.WORK:
            self.changes.append(change)

    def _note_faults(self, student: StudentRecord, result: ExerciseResult) -> None:
        if not result.has_fault:
            self.failed_before[student.id] = student
        for test in result.tests:
            if test.verdict is Verdict.GRADER_FAULT:
                key = result.exercise, test.name, test.message.news
                self.faults.setdefault(key, []).append(student)

    def _note_names(self, change: Change) -> None:
        for test in change.tests:
            if test.is_named_otherwise and test.before and test.after:
                names = test.before.mistake or "", test.after.mistake or ""
                key = change.exercise, test.name, *names
                self._namings.setdefault(key, []).append(change.student)

    def _note_points(self, change: Change) -> None:
        if change.before and change.after and change.before.of != change.after.of:
            self.points[change.exercise] = change.before.of, change.after.of


def _judged(side: Side | None) -> Iterator[TestResult]:
    """Give the hidden tests of a result that something could be said of."""
    for test in side.result.tests if side else ():
        if not test.public and test.max_score and test.verdict.was_tried:
            yield test
