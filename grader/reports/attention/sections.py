"""The sections of a class side by side: how many students, their scores, who has not started."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import TYPE_CHECKING

from grader.reports.attention.needs_help import nothing_started
from grader.reports.classes.class_table import Column, columns
from grader.reports.classes.rolls import section_list, section_title
from grader.reports.hand_in import Presence
from grader.reports.sheets import list_href
from grader.results.verdicts import Verdict
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = ["FOUR", "SectionRow", "SectionTable", "quartiles", "section_table"]

FOUR = 4  # quarters of some students; fewer have none


@dataclass(frozen=True)
class SectionRow:
    """One section: where its students are listed, and its figures; empty where there is none.

    Attributes:
        middle: the first and the third quartile of the scores.
        not_started: how many students handed in nothing, or nothing that is started.
        means: of each exercise.
    """

    title: str
    href: str
    students: str
    mean: str
    middle: str
    not_started: str
    means: tuple[str, ...]


@dataclass(frozen=True)
class SectionTable:
    """All sections; `of` is the maximum of the scores, and `maxima` those of the exercises."""

    rows: tuple[SectionRow, ...]
    of: str
    columns: tuple[Column, ...]
    maxima: tuple[str, ...]


def section_table(record: ClassRecord) -> SectionTable:
    """Return the sections side by side; a class without sections has no rows."""
    exercises = tuple(record.exercises)
    not_started = {each.student for each in nothing_started(record)}
    rows = (
        _row(place, section, standings, exercises, not_started)
        for place, (section, standings) in enumerate(record.sections.items(), start=1)
    )
    return SectionTable(
        rows=tuple(rows),
        of=number(max((each.max_score for each in record.standings), default=0.0)),
        columns=columns(exercises, record.course),
        maxima=tuple(number(tally.max_score) for tally in record.exercises.values()),
    )


def quartiles(scores: Sequence[float]) -> str:
    """Return the first and the third quartile, as spreadsheets compute them; of few, nothing."""
    if len(scores) < FOUR:
        return ""
    low, _, high = quantiles(scores, n=FOUR, method="inclusive")
    return f"{number(low)} to {number(high)}"


def _row(
    place: int,
    section: str,
    standings: Sequence[Standing],
    exercises: Sequence[str],
    not_started: set[str],
) -> SectionRow:
    scores = [each.comparable for each in standings if not each.faulty and not each.excused]
    idle = [each for each in standings if each.student in not_started or _is_absent(each)]
    return SectionRow(
        title=section_title(section),
        href=list_href(section_list(place)),
        students=f"{len(standings):,}",
        mean=number(fmean(scores)) if scores else "",
        middle=quartiles(scores),
        not_started=f"{len(idle):,}",
        means=tuple(_means(standings, exercises)),
    )


def _is_absent(standing: Standing) -> bool:
    return standing.presence is not Presence.WORK and not standing.excused


def _means(standings: Sequence[Standing], exercises: Sequence[str]) -> Iterator[str]:
    """Give the mean of each exercise, of those for whom it counts and in which no fault is."""
    scores: dict[str, list[float]] = {exercise: [] for exercise in exercises}
    for standing in standings:
        for part in standing.parts:
            if part.counts and part.verdict is not Verdict.GRADER_FAULT:
                scores[part.exercise].append(part.score)
    for each in scores.values():
        yield number(fmean(each)) if each else ""
