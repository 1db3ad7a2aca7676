"""What may be shown in class: numbers, and sentences that stand in the course's own files.

Nothing is taken out of a page with names; this one is put together from what is allowed. A text
is allowed where the course itself has it: an exercise's title, the sentence of one of its hidden
tests, the sentence of a known mistake. Whatever else a result holds has no way here.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.mistakes import known_mistakes
from grader.reports.classes.class_findings import (
    ExerciseSummary,
    MistakeRow,
    People,
    VerdictCount,
    exercise_summary,
    mistakes,
)
from grader.reports.classes.class_page import (
    Figure,
    Step,
    about_discrimination,
    figures,
    ranked_mistakes,
    spread,
)
from grader.reports.marks import Footer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Exercise
    from grader.reports.classes.class_record import ClassRecord
    from grader.reports.ranking import Ranked

__all__ = ["AnonymousPage", "anonymous_page"]

NOBODY = People((), "", "")


@dataclass(frozen=True)
class AnonymousPage:
    """The class page without names, ids and code."""

    figures: tuple[Figure, ...]
    spread: tuple[Step, ...]
    mistakes: Ranked[MistakeRow]
    exercises: tuple[ExerciseSummary, ...]
    discrimination: str
    footer: Footer


def anonymous_page(record: ClassRecord) -> AnonymousPage:
    """Return what may be shown of a class to the class."""
    return AnonymousPage(
        figures=figures(record),
        spread=tuple(
            Step(step.label, step.words, step.count, step.height, href="")
            for step in spread(record)
        ),
        mistakes=ranked_mistakes(_mistakes(record)),
        exercises=tuple(_exercises(record)),
        discrimination=about_discrimination(record),
        footer=Footer((), ""),
    )


def _exercises(record: ClassRecord) -> Iterator[ExerciseSummary]:
    for exercise in record.course.exercises:
        if exercise.name in record.exercises:
            found = exercise_summary(record.exercises[exercise.name], record.course)
            allowed = _sentences(exercise)
            yield ExerciseSummary(
                name=exercise.name,
                title=exercise.title,
                mean=found.mean,
                counts=tuple(
                    VerdictCount(count.mark, count.count, count.share, href="")
                    for count in found.counts
                ),
                tests=tuple(test for test in found.tests if test.title in allowed),
                about_tests=found.about_tests,
            )


def _mistakes(record: ClassRecord) -> Iterator[MistakeRow]:
    known = {exercise.name for exercise in record.course.exercises}
    slugs = known_mistakes(record.course)
    for row in mistakes(record):
        if row.slug in slugs:
            places = ", ".join(name for name in record.mistakes[row.slug] if name in known)
            yield MistakeRow(
                row.slug, row.sentence, places, row.students, row.count, row.share, NOBODY
            )


def _sentences(exercise: Exercise) -> set[str]:
    """Return the sentences of an exercise's hidden tests, read from the suite itself.

    None where it is missing or broken: then no test of it was graded.
    """
    try:
        tree = ast.parse(exercise.hidden_suite.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {(ast.get_docstring(test) or test.name).splitlines()[0] for test in tests}
