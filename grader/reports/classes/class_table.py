"""A table of students: a row each, with the score and what each exercise came to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.reports.marks import MARKS, Mark, Score, score
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.courses import Course
    from grader.reports.classes.class_record import Standing
    from grader.results.students import StudentRecord

__all__ = ["Cell", "Column", "Link", "Row", "Table", "columns", "link", "sought_by", "table"]

REMEMBERED = 10_000  # pages of students, which many lists link to


@dataclass(frozen=True)
class Link:
    """A student's name and the page, or the section of the page, that it leads to."""

    text: str
    href: str


@dataclass(frozen=True)
class Column:
    """The head of an exercise's column: `hw6`, `manual update`, and the title in full."""

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
    """One student's row.

    Attributes:
        about: what stands below the name, as id, section, late.
        find: what else a search finds the student by.
    """

    link: Link
    about: tuple[str, ...]
    late: bool
    score: Score
    cells: tuple[Cell, ...]
    find: str


@dataclass(frozen=True)
class Table:
    """Some students, and the marks that their rows use."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    legend: tuple[Mark, ...]


def link(standing: Standing, text: str, exercise: str = "", *, up: str = "") -> Link:
    """Return the link to a student's page, or to an exercise on it; `up` leads to its folder."""
    anchor = f"#{quote(exercise)}" if exercise else ""
    return Link(text, f"{up}{_quoted(standing.page)}{anchor}")


def table(
    standings: Sequence[Standing], exercises: Sequence[str], course: Course, *, up: str = ""
) -> Table:
    """Return the table of some students, with a column for each of some exercises."""
    used = {part.mark for each in standings for part in each.parts if part.exercise in exercises}
    anchors = {exercise: quote(exercise) for exercise in exercises}
    return Table(
        columns=columns(exercises, course),
        rows=tuple(_row(standing, anchors, up) for standing in standings),
        legend=tuple(each for each in MARKS if each in used),
    )


def columns(exercises: Sequence[str], course: Course) -> tuple[Column, ...]:
    """Return the heads of the columns of some exercises."""
    return tuple(_column(each, course) for each in exercises)


@lru_cache(REMEMBERED)
def _quoted(page: str) -> str:
    return quote(page)


def _column(exercise: str, course: Course) -> Column:
    short, _, subject = exercise.partition("_")
    return Column(short, subject.replace("_", " "), course.title_of(exercise))


def _row(standing: Standing, anchors: Mapping[str, str], up: str) -> Row:
    to_page = link(standing, standing.shown, up=up)
    parts = {part.exercise: part for part in standing.parts}
    cells = [
        Cell(parts[name].mark, number(parts[name].score), f"{to_page.href}#{anchor}")
        if name in parts
        else Cell(None, "", "")
        for name, anchor in anchors.items()
    ]
    record = standing.record
    excused = "excused" if standing.excused else ""
    about = (record.id if record.name else "", record.section, record.group, excused)
    total = score(standing.score, standing.max_score, standing.unjudged)
    shown = tuple(filter(None, about))
    return Row(to_page, shown, bool(record.late), total, tuple(cells), sought_by(record))


def sought_by(record: StudentRecord) -> str:
    """Return what people look a student up by and no list shows: the e-mail address and the login.

    Nothing is said twice: many an id is one of them.
    """
    found = dict.fromkeys(each for each in (record.email, record.login) if each != record.id)
    return " ".join(filter(None, found))
