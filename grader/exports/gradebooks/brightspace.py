"""Brightspace (D2L): the grades, which it takes back under Grades, Import."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.exports.formats import Format, Outcome
from grader.exports.gradebooks.filling import fill
from grader.exports.gradebooks.gradebook import Gradebook
from grader.exports.gradebooks.sheet import MarkColumn, decimal
from grader.exports.gradebooks.usernames import Usernames
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.sheet import Sheet
    from grader.lists.table import Row

__all__ = ["FORMAT"]

NEXT_STEP = "Upload it in Brightspace under Grades, Enter Grades, Import."
NEW_ITEM = (
    "The grade item is called {!r} in it; if the course has none of that very name, Brightspace "
    "offers to make one. To be sure of the right one, fill in the file that it exports: --into."
)
# `HW 3 Points Grade <Numeric MaxPoints:25 Weight:10>`
HEADING = re.compile(
    r"(?P<title>.+?) Points Grade(?:\s*<[^<>]*?MaxPoints:(?P<points>\d+(?:[.,]\d+)?)[^<>]*>)?"
)
OWN_FOLDER = re.compile(r"(?:.*/)?\d+-\d+ - .*")  # `104401-771204 - Jane Smith - Nov 20, 2026 …`
END = "End-of-Line Indicator"


class BrightspaceGradebook(Gradebook):
    """The file that Brightspace gives under Grades, Export, with points grades."""

    lms: ClassVar[str] = "Brightspace"
    origin: ClassVar[str] = "Grades, Enter Grades, Export (with Points grade chosen)"
    next_step: ClassVar[str] = NEXT_STEP

    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell it by one of the two columns that it needs, and one of grades."""
        del below
        known = not {"OrgDefinedId", "Username"}.isdisjoint(cells)
        return known and any(map(HEADING.fullmatch, cells))

    def marks(self, sheet: Sheet) -> Iterator[MarkColumn]:
        """Return the grade items that have points."""
        for place, heading in enumerate(sheet.headings):
            if found := HEADING.fullmatch(heading):
                yield MarkColumn(place, heading, found["title"], decimal(found["points"] or ""))


def _render(request: Request, file: BinaryIO) -> Outcome:
    if request.given is not None:
        return fill(BrightspaceGradebook(), request, request.given, file)
    outcome, usernames = Outcome(NEXT_STEP, notes=[NEW_ITEM.format(request.title)]), Usernames()
    rows: list[tuple[str | float, ...]] = [("Username", f"{request.title} Points Grade", END)]
    for student in outcome.final(request.results.students):
        if not student.login and OWN_FOLDER.fullmatch(student.handed_in_as):
            outcome.leave_out(
                student.shown,
                "the username is not known: use --into, or grade with a --roster that has it",
            )
            continue
        rows.append((f"#{usernames.of(student)}", student.score, "#"))
        outcome.written += 1
    write_table(file, rows)
    outcome.notes += usernames.notes()
    return outcome


FORMAT = Format("brightspace", "marks for its grade items", "brightspace.csv", _render, fills=True)
