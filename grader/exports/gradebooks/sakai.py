"""Sakai: `grades.csv` of an assignment's download, or an export of the gradebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.exports.formats import Format, Outcome
from grader.exports.gradebooks.filling import fill
from grader.exports.gradebooks.gradebook import Gradebook
from grader.exports.gradebooks.sheet import MarkColumn, decimal
from grader.exports.gradebooks.usernames import Usernames
from grader.lists.naming import folded
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.sheet import Sheet
    from grader.lists.table import Row

__all__ = ["FORMAT"]

NEXT_STEP = (
    "For an assignment: put it as `grades.csv` into the folder that Download All gave, zip the "
    "folder again, and upload that under Upload All. For the gradebook: Import / Export."
)
HEAD = (
    "Display ID", "ID", "Last Name", "First Name", "grade", "Submission date", "Late submission",
)  # fmt: skip
GRADE_PLACES: dict[tuple[str, ...], int] = {
    ("display id", "id"): 4,
    ("group", "group id"): 3,
}  # where Sakai looks for it
GRADEBOOK = ({"student id"}, {"name", "student name"})
ITEM = re.compile(r"(?P<title>[^#*\[][^\[]*?)\s*(?:\[(?P<points>\d+(?:[.,]\d+)?)\])?")


class SakaiGradebook(Gradebook):
    """A `grades.csv`, whose headings are in its third row, or an export of the gradebook."""

    lms: ClassVar[str] = "Sakai"
    origin: ClassVar[str] = "Download All (its grades.csv) or Gradebook, Export"
    next_step: ClassVar[str] = NEXT_STEP

    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell it by its first two headings."""
        del below
        return _begins(cells) in GRADE_PLACES or _is_gradebook(cells)

    def marks(self, sheet: Sheet) -> Iterator[MarkColumn]:
        """Return the one column of a `grades.csv`; of an export, its items."""
        place = GRADE_PLACES.get(_begins(sheet.headings))
        if place is not None and place < len(sheet.headings):
            yield MarkColumn(place, sheet.headings[place], "")
        if place is None:
            for item, heading in enumerate(sheet.headings[2:], 2):
                if found := ITEM.fullmatch(heading):
                    points = decimal(found["points"] or "")
                    yield MarkColumn(item, heading, found["title"], points)


def _begins(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(folded(cell) for cell in cells[:2])


def _is_gradebook(cells: Sequence[str]) -> bool:
    begins = _begins(cells)
    return len(begins) == 2 and begins[0] in GRADEBOOK[0] and begins[1] in GRADEBOOK[1]


def _render(request: Request, file: BinaryIO) -> Outcome:
    if request.given is not None:
        return fill(SakaiGradebook(), request, request.given, file)
    outcome, usernames = Outcome(NEXT_STEP), Usernames()
    rows: list[tuple[str | float, ...]] = [
        (request.title, "SCORE_GRADE_TYPE"), ("",), HEAD,
    ]  # fmt: skip
    for student in outcome.final(request.results.students):
        login = usernames.of(student)
        rows.append((login, login, student.name, "", student.score, "", ""))
        outcome.written += 1
    write_table(file, rows, quoted=True)
    outcome.notes += usernames.notes()
    return outcome


FORMAT = Format(
    "sakai", "marks for an assignment or the gradebook", "grades-sakai.csv", _render, fills=True
)
