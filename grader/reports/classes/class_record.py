"""What is kept of a class while its results pass by once: enough for every page about it.

A student's results may be large (code, notebooks, pictures); what stays here of each is a line.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from grader.reports.attention.own_code import OwnCode
from grader.reports.classes.tallies import TestTally
from grader.reports.hand_in import Presence, presence
from grader.reports.marks import mark_of, unjudged
from grader.results.decided import Kind
from grader.results.unnamed import UnnamedAnswers
from grader.results.verdicts import Verdict
from grader.text.ordering import in_order
from grader.text.wording import plural, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.courses import Course
    from grader.reports.marks import Mark
    from grader.results.decided import Lateness, Ruling, Settled
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult, StudentResult
    from grader.runs.history.stuck import Stuck

__all__ = ["ClassRecord", "ExerciseTally", "Part", "Standing"]

NOTES, LONGEST_NOTE = 5, 300  # of a student, and characters of each; the page has all of them
DECISIONS = 10  # the same


class Part(NamedTuple):
    """What one student has in one exercise.

    Attributes:
        counts: whether its points are among the student's.
        is_started: whether any test found something to judge.
    """

    exercise: str
    verdict: Verdict
    mark: Mark
    score: float
    max_score: float
    counts: bool = True
    is_started: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """One student's line: the score and its parts.

    Attributes:
        page: where in the output folder the student's page is.
        faulty: whether a grader fault is anywhere in it, so that the score is not final.
        unjudged: the points that such a fault kept from being judged.
        presence: whether there is work of the student's.
        notes: about the hand-in and its files: which was taken, what was set aside.
        decided: what people decided of the student alone, and what being late costs, as sentences.
        by_decision: how many points more than by grading that gives.
        lateness: how late it was, where a due date is known.
        excused: whether the student is excused from all of it.
        usual_max: the maximum of those who are excused from nothing, where people have decided.
    """

    record: StudentRecord
    page: str
    score: float
    max_score: float
    parts: tuple[Part, ...]
    faulty: bool
    unjudged: float
    presence: Presence
    notes: tuple[str, ...]
    decided: tuple[str, ...] = ()
    by_decision: float = 0.0
    lateness: Lateness | None = None
    excused: bool = False
    usual_max: float | None = None

    @property
    def comparable(self) -> float:
        """The score as it compares with others': converted to the usual maximum."""
        if not self.usual_max or not self.max_score:
            return self.score
        return self.score * self.usual_max / self.max_score

    @property
    def student(self) -> str:
        """The student's id."""
        return self.record.id

    @property
    def shown(self) -> str:
        """The student as people are to read it: the name, or the id where that is all."""
        return self.record.shown


@dataclass
class ExerciseTally:
    """How a class did in one exercise.

    Attributes:
        counts: how many students have each mark.
        scores: the sum of the scores in which no grader fault is, and how many those are.
        tests: its hidden tests by name.
    """

    name: str
    max_score: float = 0.0
    counts: Counter[Mark] = field(default_factory=Counter)
    scores: tuple[float, int] = (0.0, 0)
    tests: dict[str, TestTally] = field(default_factory=dict)

    def add(self, result: ExerciseResult, score: float, *, excused: bool) -> None:
        """Count one student's result.

        Args:
            result: what the student has in the exercise.
            score: what the student has in all exercises.
            excused: whether it counts in no mean, as the student is excused from it.
        """
        self.counts[mark_of(result)] += 1
        self.max_score = max(self.max_score, result.max_score)
        if not result.has_fault and not excused:
            self.scores = (self.scores[0] + result.score, self.scores[1] + 1)
        for test in result.tests:
            if not test.public and test.max_score:
                tally = self.tests.setdefault(test.name, TestTally(test.title or test.name))
                tally.faults += test.verdict is Verdict.GRADER_FAULT
                tally.timed_out += test.verdict is Verdict.TIMED_OUT
                if test.verdict.was_tried:
                    tally.add(passed=test.verdict is Verdict.PASSED, rest=score - test.score)


class ClassRecord:
    """A class, a line a student.

    Attributes:
        course: whose exercises they worked on.
        standings: the students in the order in which they came.
        exercises: the exercises that count, by name.
        mistakes: of each recognised mistake, who made it in which exercise.
        settled: of each mistake, who made it only where people have decided over the test: whoever
            is excused or was given points is not charged with it, as the test may be what is wrong.
        unnamed: the wrong answers that are none of these; likewise without what is settled.
        own_code: what is kept of their code, to find what is alike.
        faults: of each fault of the grader (exercise and message), in which test of whose work.
        withheld: of each thing that no student may read, on whose pages it would have stood.
        stuck: of each student whose last hand-ins all fail one test, where; likewise.
        for_everybody: of each decision for all (what, and about what), who has more points by it.
    """

    def __init__(self, course: Course, stuck: Iterable[Stuck] = ()) -> None:
        self.course = course
        self.stuck = {each.student: each for each in stuck}
        self.standings: list[Standing] = []
        self.exercises: dict[str, ExerciseTally] = {}
        self.mistakes: dict[str, dict[str, list[Standing]]] = {}
        self.settled: dict[str, dict[str, Standing]] = {}
        self.unnamed = UnnamedAnswers[Standing]()
        self.own_code = OwnCode[Standing](course)
        self.faults: dict[tuple[str, str], list[tuple[str, Standing]]] = {}
        self.withheld: dict[str, list[Standing]] = {}
        self.for_everybody: Counter[tuple[str, str]] = Counter()
        self._called: Counter[str] = Counter()
        self._parts: dict[Part, Part] = {}  # most students have one that others have, too

    def add(self, result: StudentResult, page: str) -> None:
        """Take in a student's results; of their code only fingerprints are kept.

        Args:
            result: the student's results.
            page: where in the output folder the student's page is.
        """
        standing = self._standing(result, page)
        self.standings.append(standing)
        self._called[standing.shown] += 1
        settled = result.settled
        self.unnamed.add(standing, result.exercises, settled)
        self._forget_stuck(result)
        taken_over = {each.exercise for each in result.rulings if each.kind is Kind.HAND_IN}
        for ruling in result.rulings:
            if ruling.everybody:
                self.for_everybody[_for_all(ruling)] += ruling.change > 0
        for exercise in result.exercises:
            name = sys.intern(exercise.exercise)
            tally = self.exercises.setdefault(name, ExerciseTally(name))
            tally.add(exercise, result.score, excused=result.is_excused_from(name))
            self._note_mistakes(standing, exercise, settled)
            self._note_faults(standing, exercise)
            if not taken_over & {"", name}:  # it may be the file of a partner
                self.own_code.add(standing, exercise)

    def called(self, standing: Standing) -> str:
        """Return a student's name, with the id where another one is called the same."""
        unique = self._called[standing.shown] == 1
        return standing.shown if unique else standing.record.told_apart

    def _standing(self, result: StudentResult, page: str) -> Standing:
        parts = map(_part, result.exercises)
        left = (unjudged(each, self.course) * each.weight for each in result.exercises)
        return Standing(
            record=result.record,
            page=page,
            score=result.score,
            max_score=result.max_score,
            parts=tuple(self._parts.setdefault(each, each) for each in parts),
            faulty=any(each.has_fault for each in result.exercises),
            unjudged=sum(left),
            presence=presence(result),
            notes=tuple(islice(_notes(result), NOTES)),
            decided=tuple(each[:LONGEST_NOTE] for each in islice(_decided(result), DECISIONS)),
            by_decision=result.by_decision,
            lateness=result.lateness,
            excused=result.excused,
            usual_max=result.usual_max,
        )

    def _forget_stuck(self, result: StudentResult) -> None:
        """Leave out who got points by decision for the test."""
        stuck = self.stuck.get(result.student)
        if stuck and any(
            each.exercise == stuck.exercise and stuck.title in {each.title, each.test}
            for each in result.rulings
            if each.test and each.change > 0
        ):
            del self.stuck[result.student]

    def _note_mistakes(
        self, standing: Standing, exercise: ExerciseResult, settled: Settled
    ) -> None:
        name, made, forgiven = exercise.exercise, dict[str, None](), dict[str, None]()
        for test in exercise.tests:
            if test.mistake:
                (forgiven if (name, test.name) in settled else made)[test.mistake] = None
        for slug in made:
            self.mistakes.setdefault(slug, {}).setdefault(name, []).append(standing)
        for slug in forgiven:
            self.settled.setdefault(slug, {})[standing.student] = standing

    def _note_faults(self, standing: Standing, exercise: ExerciseResult) -> None:
        for test, message in _faults_in(exercise):
            self.faults.setdefault((exercise.exercise, message), []).append((test, standing))

    @property
    def final(self) -> list[Standing]:
        """The students whose score is final: no grader fault is in it, and it counts."""
        return [each for each in self.standings if not each.faulty and not each.excused]

    @property
    def by_name(self) -> list[Standing]:
        """The students in the order of their names, and of two of one name, of their ids."""
        return sorted(self.standings, key=lambda each: (in_order(each.shown), each.student))

    @property
    def sections(self) -> dict[str, list[Standing]]:
        """The students of each section, where there are any; of none come last."""
        found: dict[str, list[Standing]] = {}
        for standing in sorted(self.by_name, key=lambda each: _section_in_order(each.record)):
            found.setdefault(standing.record.section, []).append(standing)
        return found if any(found) else {}

    @property
    def late(self) -> list[Standing]:
        """The students who handed in late, as far as the download tells."""
        return [each for each in self.standings if each.record.late]

    @property
    def unclaimed(self) -> list[Standing]:
        """The students who handed in files that were not recognised."""
        return [each for each in self.standings if each.record.unclaimed]

    @property
    def noted(self) -> list[Standing]:
        """The students on whose files there are notes."""
        return [each for each in self.standings if each.notes]

    @property
    def decided(self) -> list[Standing]:
        """The students of whom something is decided; who has most points by it comes first."""
        found = [each for each in self.standings if each.decided]
        return sorted(found, key=lambda each: -each.by_decision)

    def without_work(self, presence: Presence) -> list[Standing]:
        """Return the students of whom there is nothing to judge, for one reason.

        Who is excused is not among them.
        """
        return [each for each in self.standings if each.presence is presence and not each.excused]

    @property
    def unreadable(self) -> list[Standing]:
        """The students of whom something could not be read."""
        return [
            each
            for each in self.standings
            if any(part.verdict is Verdict.UNREADABLE for part in each.parts)
        ]


def _part(exercise: ExerciseResult) -> Part:
    return Part(
        sys.intern(exercise.exercise),
        exercise.verdict,
        mark_of(exercise),
        exercise.score,
        exercise.max_score,
        exercise.weight > 0,
        _is_started(exercise),
    )


def _is_started(exercise: ExerciseResult) -> bool:
    """Tell whether there is work in an exercise; that one function is not written is no reason.

    Functions that are missing from a file may be there under another name.
    """
    idle = {Verdict.NOT_STARTED} if exercise.source else {Verdict.NOT_STARTED, Verdict.MISSING}
    verdicts = [test.verdict for test in exercise.tests if not test.public and test.max_score]
    given = any(part.score for part in exercise.manual)
    return given or any(each not in idle for each in verdicts or [exercise.verdict])


def _decided(result: StudentResult) -> Iterator[str]:
    """Give what was decided of a student alone, and what being late costs."""
    for ruling in result.rulings:
        if not ruling.everybody:
            about = ruling.about
            said = "A comment" if ruling.kind is Kind.COMMENT else ruling.words
            yield f"{said}{about and f' ({about})'}"
    if result.lateness and result.lateness.deduction:
        late = plural(result.lateness.days, "day")
        yield f"{signed(-result.lateness.deduction)} points: {late} late"


def _for_all(ruling: Ruling) -> tuple[str, str]:
    """Return what is decided for everybody, and about what: the same for each student."""
    given = "Points" if ruling.kind is Kind.POINTS else ruling.said
    reason = f": {ruling.reason}" if ruling.reason else ""
    return f"{given} by decision{reason}", ruling.about


def _notes(result: StudentResult) -> Iterator[str]:
    """Give the notes on a student's files; what a fault of the grader's says is no such note."""
    yield from (note[:LONGEST_NOTE] for note in result.record.notes)
    for exercise in result.exercises:
        if exercise.verdict is not Verdict.GRADER_FAULT:
            yield from (f"{exercise.exercise}: {note}"[:LONGEST_NOTE] for note in exercise.notes)


def _section_in_order(record: StudentRecord) -> tuple[bool, str]:
    return not record.section, in_order(record.section)


def _faults_in(exercise: ExerciseResult) -> list[tuple[str, str]]:
    """Return test and message of each fault; one that no test has stands in the notes."""
    tests = [test for test in exercise.tests if test.verdict is Verdict.GRADER_FAULT]
    if not tests and exercise.verdict is Verdict.GRADER_FAULT:
        return [("", " ".join(exercise.notes))]
    return [(test.name, test.message.text) for test in tests]
