"""What the class page says."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from grader.reports.class_findings import (
    ExerciseSummary,
    Fault,
    Link,
    MistakeRow,
    exercise_summaries,
    faults,
    link,
    mistakes,
)
from grader.reports.data_files import exercise_names
from grader.reports.marks import Footer, Mark, Score, exercise_title, footer, has_fault, mark, score
from grader.reports.wording import number, percentage, plural, share
from grader.verdicts import ExerciseResult, GradingRun, StudentResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Cell", "ClassPage", "Column", "Figure", "Row", "Step", "class_page"]

STEPS = 10  # the spread of scores is drawn in tenths of the maximum


@dataclass(frozen=True)
class Figure:
    """One number about the class, and what it is a number of."""

    value: str
    of: str
    label: str


@dataclass(frozen=True)
class Step:
    """One column of the spread: how many students are in one tenth of the scores."""

    label: str
    count: str
    height: str


@dataclass(frozen=True)
class Column:
    """The head of an exercise's column: `ex06`, `manual update`, and the title in full."""

    number: str
    subject: str
    title: str


@dataclass(frozen=True)
class Cell:
    """What one student has in one exercise; without a mark where there is no result."""

    mark: Mark | None
    points: str
    href: str


@dataclass(frozen=True)
class Row:
    """One student's row."""

    link: Link
    score: Score
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class ClassPage:
    """The whole class page."""

    figures: tuple[Figure, ...]
    set_aside: str
    spread: tuple[Step, ...]
    faults: tuple[Fault, ...]
    stopped: str
    ungraded: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    legend: tuple[Mark, ...]
    exercises: tuple[ExerciseSummary, ...]
    mistakes: tuple[MistakeRow, ...]
    footer: Footer


def class_page(run: GradingRun) -> ClassPage:
    """Return what the class page says about a run, finished or stopped."""
    names = exercise_names(run)
    scored = [result for result in run.students if not any(map(has_fault, result.exercises))]
    return ClassPage(
        figures=_figures(run, scored),
        set_aside=_set_aside(len(run.students) - len(scored)),
        spread=_spread(scored),
        faults=faults(run),
        stopped=_stopped(run),
        ungraded=run.ungraded,
        columns=tuple(_column(name) for name in names),
        rows=tuple(_row(result, names) for result in run.students),
        legend=_legend(run),
        exercises=exercise_summaries(run),
        mistakes=mistakes(run),
        footer=footer(run),
    )


def _figures(run: GradingRun, scored: Sequence[StudentResult]) -> tuple[Figure, ...]:
    """Return how many students there are, and the middle of the scores that are final."""
    scores = [result.score for result in scored]
    of = number(max((result.max_score for result in run.students), default=0.0))
    graded = len(run.students)
    label = "student" if graded == 1 else "students"
    figures = [Figure(str(graded), "", f"{label} graded" if run.ungraded else label)]
    if scores:
        figures.append(Figure(number(fmean(scores)), of, "mean score"))
        figures.append(Figure(number(median(scores)), of, "median score"))
    return tuple(figures)


def _set_aside(count: int) -> str:
    if not count:
        return ""
    students = plural(count, "student")
    return f"The mean, the median and the spread leave out {students} with a grader fault."


def _spread(scored: Sequence[StudentResult]) -> tuple[Step, ...]:
    """Count the students in each tenth of their maximum; full marks belong to the last."""
    counts = [0] * STEPS
    for result in scored:
        step = int(STEPS * share(result.score, result.max_score))
        counts[min(step, STEPS - 1)] += 1
    tallest = max(counts)
    return tuple(
        Step(f"{100 * step // STEPS}", str(count) if count else "", percentage(count, tallest))
        for step, count in enumerate(counts)
    )


def _stopped(run: GradingRun) -> str:
    if not run.ungraded:
        return ""
    graded, total = len(run.students), len(run.students) + len(run.ungraded)
    how_far = f"Stopped before the end: {graded} of {total} are graded"
    return f"{how_far}; run the same command again to go on."


def _column(exercise: str) -> Column:
    short, _, subject = exercise.partition("_")
    return Column(short, subject.replace("_", " "), exercise_title(exercise))


def _row(result: StudentResult, names: Sequence[str]) -> Row:
    exercises = {exercise.exercise: exercise for exercise in result.exercises}
    cells = tuple(_cell(result.student, exercises.get(name)) for name in names)
    return Row(link(result.student), score(result.score, result.max_score), cells)


def _cell(student: str, exercise: ExerciseResult | None) -> Cell:
    if exercise is None:
        return Cell(None, "", "")
    href = link(student, exercise.exercise).href
    return Cell(mark(exercise.verdict), number(exercise.score), href)


def _legend(run: GradingRun) -> tuple[Mark, ...]:
    """Return the marks that the table uses, the best first."""
    used = {exercise.verdict for result in run.students for exercise in result.exercises}
    return tuple(mark(verdict) for verdict in reversed(Verdict) if verdict in used)
