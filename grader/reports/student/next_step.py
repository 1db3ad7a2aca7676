"""What to do next: the one thing whose mending gains most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.mistakes import hint_text, known_mistakes
from grader.reports.student.hints import Hint, hint
from grader.results.verdicts import Verdict
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course
    from grader.results.verdicts import ExerciseResult, StudentResult, TestResult

__all__ = ["NextStep", "next_step"]

NOT_TRIED = {Verdict.NOT_STARTED, Verdict.MISSING}
STOPPED = {Verdict.UNREADABLE, Verdict.CRASHED, Verdict.TIMED_OUT}
SETTLED = {Verdict.PASSED, Verdict.GRADER_FAULT}
ADVICE = {
    Verdict.NOT_STARTED: "Nothing of it is written yet, so begin with this one.",
    Verdict.MISSING: "No file for it was found, or a function is missing in the file.",
    Verdict.UNREADABLE: "The file could not be read, so nothing of it could be tested.",
    Verdict.CRASHED: "The code stopped with an error before it gave an answer.",
    Verdict.TIMED_OUT: "The code was still running when its time was up.",
    Verdict.WRONG: "The answer is not right yet.",
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
    """Tests of one exercise that fail for the same reason."""

    exercise: str
    tests: list[TestResult]

    @property
    def lost(self) -> float:
        return sum(test.max_score - test.score for test in self.tests)

    @property
    def tried(self) -> bool:
        return self.tests[0].verdict not in NOT_TRIED


def next_step(result: StudentResult, course: Course) -> NextStep | None:
    """Return what gains most: of what was tried, else of what was not; None where all is right."""
    causes = [cause for exercise in result.exercises for cause in _causes(exercise)]
    if not causes:
        return None
    tried = [cause for cause in causes if cause.tried]
    best = max(tried, key=lambda cause: cause.lost) if tried else causes[0]
    first = best.tests[0]
    known = known_mistakes(course).get(first.mistake or "")
    points = number(best.lost)
    return NextStep(
        exercise=course.title_of(best.exercise),
        anchor=best.exercise,
        gain=f"{points} {'point' if points == '1' else 'points'}",
        what=known.sentence if known else ADVICE[first.verdict],
        said=first.message.news.partition("\n")[0] if first.verdict in STOPPED else "",
        sentences=tuple(dict.fromkeys(test.title or test.name for test in best.tests))[:3],
        hint=hint(hint_text(first.mistake, course) or ""),
    )


def _causes(exercise: ExerciseResult) -> Iterator[_Cause]:
    """Group the graded tests that lost points by mistake; without one, by verdict and message."""
    causes: dict[tuple[str, ...], _Cause] = {}
    for test in exercise.tests:
        if test.public or test.verdict in SETTLED or test.score >= test.max_score:
            continue
        key = (test.mistake,) if test.mistake else (test.verdict.value, _place(test))
        causes.setdefault(key, _Cause(exercise.exercise, [])).tests.append(test)
    yield from causes.values()


def _place(test: TestResult) -> str:
    """Return what tests share that fail alike: where an error was raised, or all of the message."""
    if test.verdict is Verdict.WRONG:
        return test.name
    if test.verdict in NOT_TRIED:
        return ""
    place = test.message.where, test.message.code
    return "\n".join(place) if test.message.where else test.message.text
