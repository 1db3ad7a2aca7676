"""The small things that every page is made of: verdict marks, scores, titles, the footer."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from grader.errors import UsageError
from grader.results.verdicts import Verdict
from grader.text.wording import SIGNS, number, percentage

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.results.verdicts import ExerciseResult, ManualPart, StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = [
    "MARKS",
    "Footer",
    "Mark",
    "Score",
    "footer",
    "lost_by_faults",
    "mark",
    "mark_of",
    "prose",
    "score",
    "score_of",
    "unjudged",
    "waiting",
]

QUOTED_CODE = re.compile(r"`([^`\n]+)`")
WARNINGS = {
    "none": "This run was made without a sandbox: nothing kept the submissions from reading the "
    "tests or from touching this machine, so the scores are only as good as the trust in the code.",
    "landlock": "This run was made in the landlock sandbox, which is weaker than bubblewrap's. It "
    "keeps the tests hidden; SECURITY.md lists what it doesn't promise.",
}


@dataclass(frozen=True)
class Mark:
    """A verdict to look at: a class for its colour, a sign and words that do without.

    That of an exercise may be `unfinished`, which no test's is.
    """

    css: str
    sign: str
    words: str


@dataclass(frozen=True)
class Score:
    """A score to look at, and how much of its bar is filled.

    Attributes:
        of: the points that were judged.
        unjudged: the points that nobody has judged, by a fault or not yet; empty for none.
        share: of all points, also of those.
        words: all of it, in words.
    """

    points: str
    of: str
    unjudged: str
    share: str
    words: str


@dataclass(frozen=True)
class Footer:
    """How the run was made; `warning` is empty for the strongest sandbox."""

    facts: tuple[tuple[str, str], ...]
    warning: str


@cache
def mark(verdict: Verdict) -> Mark:
    """Return the mark of a verdict."""
    return Mark(verdict.value.replace("_", "-"), SIGNS[verdict], verdict.words)


UNFINISHED = Mark("unfinished", "\N{CIRCLE WITH LEFT HALF BLACK}", "unfinished")
PASSED, WRONG, *_WORSE = map(mark, reversed(Verdict))
MARKS = (PASSED, WRONG, UNFINISHED, *_WORSE)  # the best first


def mark_of(exercise: ExerciseResult) -> Mark:
    """Return the mark of an exercise; one that is written in part is not said to be missing."""
    return UNFINISHED if exercise.is_unfinished else mark(exercise.verdict)


def score(points: float, of: float, unjudged: float = 0) -> Score:
    """Return some points of those that were judged, beside those that were not."""
    words = f"{number(points)} of {number(of)} points"
    if not unjudged:
        return Score(number(points), number(of), "", percentage(points, of), words)
    left = number(unjudged)
    words += f" judged; {left} {'point' if left == '1' else 'points'} not judged"
    return Score(number(points), number(of), left, percentage(points, of + unjudged), words)


def score_of(result: StudentResult, course: Course) -> Score:
    """Return a student's score."""
    left = sum(unjudged(each, course) * each.weight for each in result.exercises)
    return score(result.score, result.max_score, left)


def unjudged(exercise: ExerciseResult, course: Course) -> float:
    """Return the points of an exercise that nobody has judged: by a fault, or not yet."""
    return lost_by_faults(exercise, course) + sum(part.max_score for part in waiting(exercise))


def waiting(exercise: ExerciseResult) -> list[ManualPart]:
    """Return the parts of an exercise that a person is still to grade."""
    return [part for part in exercise.manual if part.score is None]


def lost_by_faults(exercise: ExerciseResult, course: Course) -> float:
    """Return the points of an exercise that a fault of the grader kept from being judged."""
    if not exercise.has_fault:
        return 0.0
    faults = [test for test in exercise.tests if test.verdict is Verdict.GRADER_FAULT]
    of_tests = sum(test.max_score for test in faults)  # none if no test of it could be run
    of_persons = sum(part.max_score for part in exercise.manual if part.score is not None)
    judged = exercise.max_score - of_persons
    return of_tests or max(_points(course.known(exercise.exercise)) - judged, 0.0)


@cache
def _points(exercise: Exercise | None) -> float:
    """Return the points of an exercise; 0 of one that is gone, and where no suite says them."""
    with suppress(UsageError):
        return exercise.points if exercise else 0.0
    return 0.0


def footer(run: GradingRun) -> Footer:
    """Return how a run was made: device, sandbox, versions."""
    facts = [("device", run.device), ("sandbox", run.sandbox), *run.versions.items()]
    return Footer(tuple(facts), WARNINGS.get(run.sandbox, ""))


def prose(text: str) -> Markup:
    """Return a sentence as HTML, with what stands in backticks set as code."""
    return Markup(QUOTED_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first
