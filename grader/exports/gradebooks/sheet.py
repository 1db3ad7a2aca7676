"""A table of marks as an LMS gives it: its heading, the people in it, the columns for marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.headings import Holds, held_by
from grader.lists.naming import folded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.lists.table import Row, Table

__all__ = ["MarkColumn", "Sheet", "chosen", "decimal"]

NUMBER = re.compile(r"-?\d{1,15}(?:([.,])\d{1,15})?")
NAMED = 30  # columns that an error lists


@dataclass(frozen=True)
class MarkColumn:
    """A column that can hold the marks.

    Attributes:
        place: which column, from 0.
        heading: as it stands in the file.
        title: what it is the mark of; empty where the whole file is about one assignment.
        maximum: the points that can be had, or None where the file does not say.
    """

    place: int
    heading: str
    title: str
    maximum: float | None = None


@dataclass(frozen=True)
class Sheet:
    """A table whose heading is known.

    Attributes:
        heading: the row of headings.
        body: all rows below it.
    """

    table: Table
    heading: Row
    body: Sequence[Row]

    @cached_property
    def headings(self) -> list[str]:
        """What stands over the columns."""
        return self.heading.values

    @cached_property
    def _holds(self) -> dict[Holds, list[int]]:
        held = [held_by(heading) for heading in self.headings]
        return {kind: [place for place, each in enumerate(held) if each is kind] for kind in Holds}

    def columns(self, *kinds: Holds) -> list[int]:
        """Return where things stand that tell a student."""
        return [place for kind in kinds for place in self._holds[kind]]

    def named(self, names: frozenset[str]) -> int | None:
        """Return the first column with one of some headings, folded."""
        places = (place for place, each in enumerate(self.headings) if folded(each) in names)
        return next(places, None)

    def first(self, row: Row, *kinds: Holds) -> str:
        """Return the first thing of a kind that a row says."""
        return next(filter(None, (row[place] for place in self.columns(*kinds))), "")

    def name(self, row: Row) -> str:
        """Return the name that a row says, `Last, First` where it comes in two cells."""
        last, first = self.first(row, Holds.LAST_NAME), self.first(row, Holds.FIRST_NAME)
        return self.first(row, Holds.NAME) or (f"{last}, {first}" if last and first else last)

    def decimal_comma(self, column: MarkColumn) -> bool:
        """Tell whether numbers are written with a comma, by those that the file holds."""
        for cells in ([row[column.place] for row in self.body], self._all_cells()):
            signs = [match[1] for cell in cells if (match := NUMBER.fullmatch(cell)) and match[1]]
            if signs:
                return signs.count(",") > signs.count(".")
        return self.table.separator == ";"  # spreadsheets separate so where the comma is decimal

    def _all_cells(self) -> list[str]:
        known = set(self.columns(*Holds))
        rows = [row.values for row in self.body]
        return [cell for row in rows for place, cell in enumerate(row) if place not in known]


def decimal(text: str) -> float | None:
    """Return the number that a cell says, with a decimal point or comma; None where it is none."""
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def chosen(columns: Sequence[MarkColumn], wanted: str, title: str, file: Path) -> MarkColumn:
    """Return the column for the marks.

    Args:
        columns: those that can hold them.
        wanted: the heading or title that the user named, or empty.
        title: the class's, which decides where the user named none.
        file: what the file is called in a message.

    Raises:
        UsageError: none or several fit.
    """
    if not columns:
        raise UsageError(f"{file} has no column for marks")
    if wanted:
        exact = [each for each in columns if each.heading == wanted]
        fitting = exact or [each for each in columns if _is(each, wanted)]
    else:
        fitting = [each for each in columns if not each.title] or _of_title(columns, title)
    if len(fitting) == 1:
        return fitting[0]
    count = "several columns" if fitting else "no column"
    listed = ", ".join(repr(each.heading) for each in columns[:NAMED])
    more = f" and {len(columns) - NAMED} more" if len(columns) > NAMED else ""
    raise UsageError(
        f"{file} has {count} called {wanted or title!r}: name the right one with --column: "
        f"{listed}{more}"
    )


def _is(column: MarkColumn, wanted: str) -> bool:
    return folded(wanted) in {folded(column.heading), folded(column.title)}


def _of_title(columns: Sequence[MarkColumn], title: str) -> list[MarkColumn]:
    """Return the columns of a title; else those whose whole title is in it.

    `Losses` is in the name of Canvas's zip, `cs-1-losses_submissions`, and `Week` not in `Week 3`.
    """
    same = [each for each in columns if _is(each, title)]
    return same or [each for each in columns if _is_in(folded(each.title), folded(title))]


def _is_in(title: str, longer: str) -> bool:
    return bool(title) and bool(re.search(rf"\b{title}\b(?! \d)", longer))
