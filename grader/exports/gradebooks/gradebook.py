"""What the table of marks of one LMS looks like; each LMS says it in a module of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from grader.errors import UsageError
from grader.exports.gradebooks.people import Person, Wanted
from grader.exports.gradebooks.sheet import Sheet
from grader.exports.results import Standing
from grader.lists.headings import Holds
from grader.lists.table import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from grader.exports.gradebooks.sheet import MarkColumn
    from grader.exports.results import Student
    from grader.lists.table import Row

__all__ = ["Gradebook"]

LOWEST_HEADING = 10  # rows in which the heading is looked for
IDENTITY = (Holds.ID, Holds.LOGIN, Holds.EMAIL)


class Gradebook(ABC):
    """How an LMS writes marks.

    Attributes:
        lms: its name.
        origin: where an instructor gets the file.
        next_step: what to do with the file that was filled in, as a sentence.
        own_ids_last: whether an id of its own is the same person's in each file of it.
        excused: what says in its files that a student is excused; empty where nothing does.
    """

    lms: ClassVar[str]
    origin: ClassVar[str]
    next_step: ClassVar[str]
    own_ids_last: ClassVar[bool] = False
    excused: ClassVar[str] = ""

    @abstractmethod
    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell the row of headings of this LMS, by what it says and the rows below it."""

    @abstractmethod
    def marks(self, sheet: Sheet) -> Iterable[MarkColumn]:
        """Return the columns that can take marks."""

    def is_person(self, row: Row) -> bool:
        """Tell a student's row from others, such as that of the points possible."""
        return any(row.values)

    def own_column(self, sheet: Sheet) -> int | None:
        """Return where the LMS's own ids stand, which the names of downloaded files hold, too."""
        del sheet
        return None

    def own_id(self, cell: str) -> str:
        """Return the id that a cell of that column holds."""
        return cell

    def own_id_of(self, student: Student) -> str:
        """Return the LMS's own id of a student, by the name of what was handed in."""
        del student
        return ""

    def takes(self, standing: Standing) -> bool:
        """Tell whether something is written for a student."""
        return standing is Standing.FINAL or (standing is Standing.EXCUSED and bool(self.excused))

    def refusal(self, sheet: Sheet, row: Row) -> str:
        """Say why the LMS would not take a mark in this row; nothing where it would."""
        del sheet, row
        return ""

    def open(self, path: Path) -> Sheet:
        """Read a file of this LMS.

        Raises:
            UsageError: it can't be read, or it is not one.
        """
        table = read_table(path)
        for place, row in enumerate(table.rows[:LOWEST_HEADING], 1):
            if self.is_heading(row.values, table.rows[place:]):
                return Sheet(table, row, table.rows[place:])
        begins = table.separator.join(table.rows[0].cells)[:60] if table.rows else ""
        raise UsageError(
            f"{path} is not the file that {self.lms} gives under {self.origin}: it begins with "
            f"{begins!r}"
        )

    def people(self, sheet: Sheet) -> list[Person]:
        """Return whom the rows are about."""
        own = self.own_column(sheet)
        known = sheet.columns(*IDENTITY)
        return [
            Person(
                place=place,
                line=row.line,
                own_id="" if own is None else self.own_id(row[own]),
                known_as=tuple(row[column].lstrip("#") for column in known if row[column]),
                name=sheet.name(row),
                group=sheet.first(row, Holds.GROUP),
            )
            for place, row in enumerate(sheet.body)
            if self.is_person(row)
        ]

    def wanted(self, student: Student) -> Wanted:
        """Return whose row is looked for.

        An id of the LMS's own is compared with its own column alone: other numbers of the table
        may be the same.
        """
        own = self.own_id_of(student)
        known = (student.student, student.login, student.email)
        return Wanted(
            shown=student.shown,
            own_id=own,
            lasts=self.own_ids_last,
            known_as=tuple(key for key in known if key and key != own),
            name=student.name,
            group=student.group,
        )
