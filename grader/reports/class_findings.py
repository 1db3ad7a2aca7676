"""What a class has in common: faults of the grader, failed tests, recognised mistakes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.reports.marks import Mark, Score, exercise_title, has_fault, mark, score
from grader.reports.naming import page_name
from grader.reports.wording import percentage, plural
from grader.verdicts import ExerciseResult, GradingRun, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "ExerciseSummary",
    "Fault",
    "Link",
    "MistakeRow",
    "People",
    "VerdictCount",
    "exercise_summaries",
    "faults",
    "link",
    "mistakes",
    "people",
]

FAILURES = (Verdict.WRONG, Verdict.CRASHED, Verdict.TIMED_OUT)  # an attempt that did not succeed
TESTS_NAMED = 3  # the tests of an exercise that a teacher would talk about first
PEOPLE_NAMED = 12  # longer lists of names are folded


@dataclass(frozen=True)
class Link:
    """A student's name and the page, or the section of the page, that it leads to."""

    text: str
    href: str


@dataclass(frozen=True)
class People:
    """Some students; `more` says how many of them are folded away."""

    named: tuple[Link, ...]
    folded: tuple[Link, ...]
    more: str


@dataclass(frozen=True)
class Fault:
    """One fault of the grader, and whom it met."""

    exercise: str
    tests: str
    message: str
    people: People


@dataclass(frozen=True)
class VerdictCount:
    """How many students have one verdict in an exercise."""

    mark: Mark
    count: int
    share: str


@dataclass(frozen=True)
class ExerciseSummary:
    """How a class did in one exercise; `failed` holds tests and in how many cases they failed."""

    name: str
    title: str
    mean: Score
    counts: tuple[VerdictCount, ...]
    failed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MistakeRow:
    """One recognised mistake, where it was made, and by whom."""

    slug: str
    exercises: str
    count: int
    share: str
    people: People


def link(student: str, exercise: str = "") -> Link:
    """Return the link from the class page to a student's page, or to an exercise on it."""
    anchor = f"#{quote(exercise)}" if exercise else ""
    return Link(student, f"students/{quote(page_name(student))}{anchor}")


def people(links: Iterable[Link]) -> People:
    """Return some students, each once, the first dozen of them named."""
    unique = tuple({link.text: link for link in links}.values())
    folded = unique[PEOPLE_NAMED:]
    return People(unique[:PEOPLE_NAMED], folded, f"and {len(folded)} more" if folded else "")


def faults(run: GradingRun) -> tuple[Fault, ...]:
    """Return the faults of the grader, one for each exercise and message."""
    found: dict[tuple[str, str], list[tuple[str, Link]]] = {}
    for student, exercise in _exercises(run):
        for test, message in _fault_messages(exercise):
            where = found.setdefault((exercise.exercise, message), [])
            where.append((test, link(student, exercise.exercise)))
    return tuple(
        Fault(
            exercise=exercise,
            tests=", ".join(dict.fromkeys(test for test, _ in where if test)),
            message=message,
            people=people(link for _, link in where),
        )
        for (exercise, message), where in found.items()
    )


def exercise_summaries(run: GradingRun) -> tuple[ExerciseSummary, ...]:
    """Return a summary of each exercise, in the order in which students have them."""
    results: dict[str, list[ExerciseResult]] = {}
    for _, exercise in _exercises(run):
        results.setdefault(exercise.exercise, []).append(exercise)
    return tuple(_summary(name, exercises) for name, exercises in results.items())


def mistakes(run: GradingRun) -> tuple[MistakeRow, ...]:
    """Return the recognised mistakes, the one that most students made first."""
    found: dict[str, list[tuple[str, Link]]] = {}
    for student, exercise in _exercises(run):
        for slug in dict.fromkeys(test.mistake for test in exercise.tests if test.mistake):
            where = found.setdefault(slug, [])
            where.append((exercise.exercise, link(student, exercise.exercise)))
    students = {slug: {link.text for _, link in where} for slug, where in found.items()}
    ranked = sorted(found, key=lambda slug: (-len(students[slug]), slug))
    return tuple(
        MistakeRow(
            slug=slug,
            exercises=", ".join(dict.fromkeys(exercise for exercise, _ in found[slug])),
            count=len(students[slug]),
            share=percentage(len(students[slug]), len(run.students)),
            people=people(link for _, link in found[slug]),
        )
        for slug in ranked
    )


def _exercises(run: GradingRun) -> Iterator[tuple[str, ExerciseResult]]:
    for result in run.students:
        for exercise in result.exercises:
            yield result.student, exercise


def _fault_messages(exercise: ExerciseResult) -> list[tuple[str, str]]:
    """Return test and message of each fault; one that no test has stands in the notes."""
    tests = [test for test in exercise.tests if test.verdict is Verdict.GRADER_FAULT]
    if not tests and exercise.verdict is Verdict.GRADER_FAULT:
        return [("", " ".join(exercise.notes))]
    return [(test.name, test.message) for test in tests]


def _summary(name: str, exercises: list[ExerciseResult]) -> ExerciseSummary:
    """Summarise an exercise; a result with a grader fault counts as a verdict, not as a score."""
    scored = [exercise.score for exercise in exercises if not has_fault(exercise)]
    return ExerciseSummary(
        name=name,
        title=exercise_title(name),
        mean=score(fmean(scored or [0.0]), max(exercise.max_score for exercise in exercises)),
        counts=_counts(exercises),
        failed=_most_failed(exercises),
    )


def _counts(exercises: list[ExerciseResult]) -> tuple[VerdictCount, ...]:
    """Count the verdicts that occur, the best first."""
    counts = Counter(exercise.verdict for exercise in exercises)
    return tuple(
        VerdictCount(mark(verdict), counts[verdict], percentage(counts[verdict], len(exercises)))
        for verdict in reversed(Verdict)
        if counts[verdict]
    )


def _most_failed(exercises: list[ExerciseResult]) -> tuple[tuple[str, str], ...]:
    titles = (
        test.title or test.name
        for exercise in exercises
        for test in exercise.tests
        if test.verdict in FAILURES and not test.public
    )
    failed = Counter(titles).most_common(TESTS_NAMED)
    return tuple((title, plural(count, "student")) for title, count in failed)
