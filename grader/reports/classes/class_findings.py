"""What a class has in common: faults of the grader, tests, recognised mistakes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.mistakes import known_mistakes
from grader.reports.attention.tests_first import WEAK, anchor_of
from grader.reports.classes.class_table import Link, link
from grader.reports.marks import MARKS, Mark, Score, mark, score
from grader.reports.sheets import list_href
from grader.results.verdicts import Verdict
from grader.text.wording import percentage, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses import Course
    from grader.reports.classes.class_record import ClassRecord, ExerciseTally
    from grader.reports.classes.tallies import TestTally

__all__ = [
    "PEOPLE_NAMED",
    "ExerciseSummary",
    "Fault",
    "MistakeRow",
    "People",
    "TestRow",
    "VerdictCount",
    "Withheld",
    "exercise_summary",
    "faults",
    "mistakes",
    "people",
    "told",
    "withheld",
]

PEOPLE_NAMED = 8  # whoever wants the others follows the link


@dataclass(frozen=True)
class People:
    """Some students, and where the others are listed; `more` says how many those are."""

    named: tuple[Link, ...]
    more: str
    href: str


@dataclass(frozen=True)
class Fault:
    """One fault of the grader, and whom it met."""

    exercise: str
    tests: str
    message: str
    people: People


@dataclass(frozen=True)
class Withheld:
    """What no student may read and would have stood on a page, and on whose."""

    what: str
    people: People


@dataclass(frozen=True)
class VerdictCount:
    """How many students have one verdict in an exercise, and where they are listed."""

    mark: Mark
    count: str
    share: str
    href: str


@dataclass(frozen=True)
class TestRow:
    """One hidden test: how many passed it, of how many who tried, and what that tells.

    Attributes:
        note: what is to be known at once: nobody who tried passes it, or all, or the wrong ones.
        anchor: what its row is called on the page.
    """

    __test__ = False  # not a test class, whatever pytest reads into its name

    title: str
    passed: str
    tried: str
    share: str
    discrimination: str
    note: str
    anchor: str


@dataclass(frozen=True)
class ExerciseSummary:
    """How a class did in one exercise."""

    name: str
    title: str
    mean: Score
    counts: tuple[VerdictCount, ...]
    tests: tuple[TestRow, ...]
    about_tests: str


@dataclass(frozen=True)
class MistakeRow:
    """One recognised mistake, where it was made, and by whom."""

    slug: str
    sentence: str
    exercises: str
    students: int
    count: str
    share: str
    people: People


def people(links: Iterable[Link], href: str = "") -> People:
    """Return some students, each once, the first of them by name; `href` lists them all, if any."""
    unique = tuple({link.href.partition("#")[0]: link for link in links}.values())
    more = len(unique) - PEOPLE_NAMED
    return People(unique[:PEOPLE_NAMED], f"and {more:,} more" if more > 0 else "", href)


def faults(record: ClassRecord) -> tuple[Fault, ...]:
    """Return the faults of the grader, one for each exercise and message."""
    return tuple(
        Fault(
            exercise=exercise,
            tests=", ".join(dict.fromkeys(test for test, _ in where if test)),
            message=message,
            people=people(
                (link(each, record.called(each), exercise) for _, each in where),
                list_href(f"{exercise}-{mark(Verdict.GRADER_FAULT).css}"),
            ),
        )
        for (exercise, message), where in record.faults.items()
    )


def withheld(record: ClassRecord) -> tuple[Withheld, ...]:
    """Return what kept pages from being written, and whose pages those are."""
    return tuple(
        Withheld(what, people((link(each, record.called(each)) for each in whose), "#students"))
        for what, whose in record.withheld.items()
    )


def exercise_summary(tally: ExerciseTally, course: Course) -> ExerciseSummary:
    """Summarise an exercise; a result with a grader fault counts as a verdict, not as a score."""
    total, scored = tally.scores
    tests = tuple(
        _test_row(test, anchor_of(tally.name, number))
        for number, test in enumerate(tally.tests.values(), start=1)
    )
    return ExerciseSummary(
        name=tally.name,
        title=course.title_of(tally.name),
        mean=score(total / max(scored, 1), tally.max_score),
        counts=_counts(tally),
        tests=tests,
        about_tests=_about(tests),
    )


def mistakes(record: ClassRecord) -> tuple[MistakeRow, ...]:
    """Return the recognised mistakes, the one that most students made first."""
    rows = [_mistake(slug, record) for slug in record.mistakes]
    return tuple(sorted(rows, key=lambda row: (-row.students, row.slug)))


def _mistake(slug: str, record: ClassRecord) -> MistakeRow:
    places = record.mistakes[slug]
    links = {
        each.student: link(each, record.called(each), exercise)
        for exercise, standings in places.items()
        for each in standings
    }
    return MistakeRow(
        slug=slug,
        sentence=told(slug, record.course),
        exercises=", ".join(places),
        students=len(links),
        count=f"{len(links):,}",
        share=percentage(len(links), len(record.standings)),
        people=people(links.values(), list_href(f"mistake-{slug}")),
    )


def told(slug: str, course: Course) -> str:
    """Return what the table says about a mistake, as a teacher reads it down a list."""
    known = known_mistakes(course).get(slug)
    sentence = known.sentence if known else ""
    # the reader of the class page did not make the mistake
    return re.sub(r"\b(Y|y)our\b", lambda your: "The" if your[1] == "Y" else "the", sentence)


def _counts(tally: ExerciseTally) -> tuple[VerdictCount, ...]:
    """Return the verdicts that occur, the best first."""
    total = tally.counts.total()
    return tuple(
        VerdictCount(
            each,
            f"{tally.counts[each]:,}",
            percentage(tally.counts[each], total),
            list_href(f"{tally.name}-{each.css}"),
        )
        for each in MARKS
        if tally.counts[each]
    )


def _test_row(test: TestTally, anchor: str) -> TestRow:
    relation = test.discrimination
    return TestRow(
        title=test.title,
        passed=f"{test.passed:,}",
        tried=f"{test.tried:,}",
        share=percentage(test.passed, test.tried),
        discrimination="" if relation is None else f"{relation:.2f}".replace("-", "\N{MINUS SIGN}"),
        note=_note(test),
        anchor=anchor,
    )


def _note(test: TestTally) -> str:
    if not test.tried:
        return "no student tried it"
    if not test.passed:
        return "no student passes"
    if test.passed == test.tried:
        return "all who tried pass"
    relation = test.discrimination
    if relation is None:
        return ""
    if relation < -test.margin:
        return "negative discrimination"
    return "weak discrimination" if relation < WEAK - test.margin else ""


def _about(tests: tuple[TestRow, ...]) -> str:
    """Say how many tests there are, and how many of them are remarkable."""
    notes = ("no student passes", "all who tried pass")
    counts = [(sum(test.note == note for test in tests), note) for note in notes]
    said = [f"{note} {count}" for count, note in counts if count]
    return "; ".join([plural(len(tests), "test"), *said])
