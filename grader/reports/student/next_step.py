"""What to do next: the one thing whose mending gains most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.courses.mistakes import hint_of, known_mistakes, start_of
from grader.reports.student.hints import Hint, hint
from grader.results.decided import Kind
from grader.results.verdicts import Verdict
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.courses import Course
    from grader.courses.mistakes import Mistake
    from grader.results.verdicts import ExerciseResult, StudentResult, TestResult

__all__ = ["NextStep", "next_step"]

NOT_TRIED = {Verdict.NOT_STARTED, Verdict.MISSING}
FAILED = {Verdict.WRONG, Verdict.CRASHED, Verdict.TIMED_OUT}
STOPPED = {Verdict.UNREADABLE, Verdict.CRASHED, Verdict.TIMED_OUT}
SETTLED = {Verdict.PASSED, Verdict.GRADER_FAULT}
ADVICE = {
    Verdict.NOT_STARTED: "This is not written yet. Start here.",
    Verdict.MISSING: "No file for it was found, or a function is missing in the file.",
    Verdict.UNREADABLE: "The file could not be read, so nothing of it could be tested.",
    Verdict.CRASHED: "The code stopped with an error before it gave an answer.",
    Verdict.TIMED_OUT: "The code was still running when its time was up.",
    Verdict.WRONG: "The answer is not right yet.",
}
ADVICE_FOR_A_PART = {  # where the rest of the exercise is there
    Verdict.NOT_STARTED: "A part of this is not written yet.",
    Verdict.MISSING: "A function is missing in the file.",
}


@dataclass(frozen=True)
class NextStep:
    """One thing to mend.

    Attributes:
        gain: the points that it costs now.
        what: what is wrong, in a sentence.
        said: the first line of the message, where that says more than the tests' sentences.
        sentences: of the tests that it fails, a few.
    """

    exercise: str
    anchor: str
    gain: str
    what: str
    said: str
    sentences: tuple[str, ...]
    hint: Hint | None


@dataclass
class _Cause:
    """Tests of one exercise that fail for the same reason.

    Attributes:
        known: the mistake that it is, where one was recognised.
    """

    exercise: ExerciseResult
    known: Mistake | None
    tests: list[TestResult]

    @property
    def lost(self) -> float:
        return sum(test.max_score - test.score for test in self.tests)

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """How early it comes: what was tried and has a name first, whatever follows from it."""
        first = self.tests[0].verdict
        tried = first not in NOT_TRIED or self.known is not None
        told = self.known is not None or first is Verdict.UNREADABLE
        return tried, told, self.lost if tried else 0.0

    @property
    def advice(self) -> str:
        """What is wrong, in a sentence."""
        if self.known:
            return self.known.sentence
        verdict = self.tests[0].verdict
        part = ADVICE_FOR_A_PART.get(verdict) if self.exercise.is_unfinished else None
        return part or ADVICE[verdict]


def next_step(result: StudentResult, course: Course) -> NextStep | None:
    """Return what gains most: of what was tried, else of what was not; None where all is right.

    A mistake that was recognised comes before what has no name, which it may be the reason for.
    """
    mistakes = known_mistakes(course)
    causes = [cause for each in _undecided(result) for cause in _causes(each, mistakes)]
    if not causes:
        return None
    best = max(causes, key=lambda cause: cause.rank)
    first, known, points = best.tests[0], best.known, number(best.lost)
    says_more = first.verdict in STOPPED or (known and first.verdict is Verdict.MISSING)
    return NextStep(
        exercise=course.title_of(best.exercise.exercise),
        anchor=best.exercise.exercise,
        gain=f"{points} {'point' if points == '1' else 'points'}",
        what=best.advice,
        said=first.message.news.partition("\n")[0] if says_more else "",
        sentences=tuple(dict.fromkeys(test.title or test.name for test in best.tests))[:3],
        hint=hint("\n".join(known.hints) if known else _help(best, course)),
    )


def _undecided(result: StudentResult) -> Iterator[ExerciseResult]:
    """Give the exercises that count, without what people have given points for."""
    decided = {(each.exercise, each.test) for each in result.rulings if each.kind is Kind.POINTS}
    for exercise in result.exercises:
        name = exercise.exercise
        if exercise.weight and (name, "") not in decided:
            tests = [each for each in exercise.tests if (name, each.name) not in decided]
            yield replace(exercise, tests=tuple(tests))


def _help(cause: _Cause, course: Course) -> str:
    first = cause.tests[0]
    return hint_of(first, course) or start_of(first, cause.exercise.exercise, course) or ""


def _causes(exercise: ExerciseResult, mistakes: Mapping[str, Mistake]) -> Iterator[_Cause]:
    """Group the graded tests that lost points by mistake; without one, by verdict and message.

    Where none of them has a mistake's name, that of the first public check that has one is theirs.
    """
    lost = [
        test
        for test in exercise.tests
        if not test.public and test.verdict not in SETTLED and test.score < test.max_score
    ]
    named = [mistakes.get(test.mistake or "") for test in lost]
    seen = None if any(named) else _first_named(exercise, mistakes)
    causes: dict[tuple[str, ...], _Cause] = {}
    for test, known in zip(lost, named, strict=True):
        key = (known.slug,) if known else (test.verdict.value, _place(test))
        meant = seen if test.verdict in FAILED else None
        causes.setdefault(key, _Cause(exercise, known or meant, [])).tests.append(test)
    yield from causes.values()


def _first_named(exercise: ExerciseResult, mistakes: Mapping[str, Mistake]) -> Mistake | None:
    """Return the mistake of the first public check that has the name of one."""
    found = (mistakes.get(test.mistake or "") for test in exercise.tests if test.public)
    return next(filter(None, found), None)


def _place(test: TestResult) -> str:
    """Return what tests share that fail alike: where an error was raised, or all of the message."""
    if test.verdict is Verdict.WRONG:
        return test.name
    if test.verdict in NOT_TRIED:
        return ""
    place = test.message.where, test.message.code
    return "\n".join(place) if test.message.where else test.message.text
