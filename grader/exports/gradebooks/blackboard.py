"""Blackboard Learn: the Grade Center, which it takes back under Work Offline, Upload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.exports.formats import Format, Outcome
from grader.exports.gradebooks.filling import fill
from grader.exports.gradebooks.gradebook import Gradebook
from grader.exports.gradebooks.sheet import MarkColumn, decimal
from grader.exports.gradebooks.usernames import Usernames
from grader.lists.headings import Holds, held_by
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.sheet import Sheet
    from grader.lists.table import Row

__all__ = ["FORMAT"]

NEXT_STEP = "Upload it in Blackboard under Grade Center, Work Offline, Upload."
NEW_COLUMN = (
    "Blackboard makes a new column {!r} of it, with points of its own choosing: better fill in the "
    "file that it gives under Work Offline, Download: --into."
)
# `HW 3 [Total Pts: 25 Score] |664617`; a column that is worked out has `up to 35`, and no title
# of its own.
HEADING = re.compile(
    r"(?P<title>.*?)\s*\[[^\[\]:]*:\s*(?P<points>\d+(?:[.,]\d+)?)(?:\s[^\[\]]*)?\]\s*\|\s*\d+"
)
NUMBERED = re.compile(r".*\|\s*\d+")  # what Blackboard finds a column by


class BlackboardGradebook(Gradebook):
    """The file that Blackboard gives under Work Offline, Download: UTF-16 with tabs, or CSV."""

    lms: ClassVar[str] = "Blackboard"
    origin: ClassVar[str] = "Work Offline, Download"
    next_step: ClassVar[str] = NEXT_STEP

    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell it by a column for logins, and one with Blackboard's number."""
        del below
        return Holds.LOGIN in map(held_by, cells) and any(map(NUMBERED.fullmatch, cells))

    def marks(self, sheet: Sheet) -> Iterator[MarkColumn]:
        """Return the columns with points."""
        for place, heading in enumerate(sheet.headings):
            if found := HEADING.fullmatch(heading):
                yield MarkColumn(place, heading, found["title"], decimal(found["points"]))


def _render(request: Request, file: BinaryIO) -> Outcome:
    if request.given is not None:
        return fill(BlackboardGradebook(), request, request.given, file)
    outcome, usernames = Outcome(NEXT_STEP, notes=[NEW_COLUMN.format(request.title)]), Usernames()
    rows: list[tuple[str | float, ...]] = [("Username", request.title)]
    for student in outcome.final(request.results.students):
        rows.append((usernames.of(student), student.score))
        outcome.written += 1
    write_table(file, rows, quoted=True)
    outcome.notes += usernames.notes()
    return outcome


FORMAT = Format("blackboard", "marks for its Grade Center", "blackboard.csv", _render, fills=True)
