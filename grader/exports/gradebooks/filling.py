"""Fill in the table that an LMS gave: one column, for the students of the class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.exports.formats import Outcome, listed
from grader.exports.gradebooks.people import NoRow, Roll
from grader.exports.gradebooks.sheet import chosen, decimal
from grader.exports.results import Standing
from grader.text.wording import number, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.gradebook import Gradebook
    from grader.exports.gradebooks.people import Person, Wanted
    from grader.exports.gradebooks.sheet import MarkColumn, Sheet

__all__ = ["fill"]

SAME = 0.005  # two maxima that are written alike
EXCUSED = frozenset({"ex", "excused", "exempt"})
NOT_THEIRS = "n/a"  # how Canvas says that an assignment is not this student's


@dataclass(frozen=True)
class _Mark:
    """A student's points, and how many there were to be had."""

    wanted: Wanted
    standing: Standing
    score: float
    max_score: float

    @property
    def shown(self) -> str:
        return self.wanted.shown

    @property
    def is_final(self) -> bool:
        return self.standing is Standing.FINAL

    @property
    def is_excused(self) -> bool:
        return self.standing is Standing.EXCUSED


def fill(gradebook: Gradebook, request: Request, given: Path, file: BinaryIO) -> Outcome:
    """Write a copy of a file in which the marks are filled in.

    Raises:
        UsageError: it is not a file of this LMS, no column is surely the right one, its maximum is
            another than the results', a student is in it twice, or there is nothing to fill in.
    """
    sheet = gradebook.open(given)
    column = chosen(list(gradebook.marks(sheet)), request.column, request.title, given)
    marks = [
        _Mark(gradebook.wanted(each), each.standing, *each.mark)
        for each in request.results.students
    ]
    maximum = _target(column, marks, scaled=request.scale)
    roll = Roll(gradebook.people(sheet), [mark.wanted for mark in marks])
    outcome = Outcome(gradebook.next_step, without="Not filled in")
    filling = _Filling(gradebook, sheet, column, maximum, outcome)
    claims = _claims(roll, marks, filling)
    for person, claiming in claims.items():
        filling.put(person, claiming)
    outcome.require_some(f"no mark can be filled in into {given}")
    outcome.notes += (*filling.notes(), *_others(roll, claims))
    file.write(sheet.table.content())
    return outcome


def _others(roll: Roll, claims: Collection[Person]) -> Iterator[str]:
    """Name the rows that are nobody's of the class."""
    if others := [person.shown for person in roll if person not in claims]:
        count = plural(len(others), "row")
        yield f"Not in the results, so left as they were: {count}: {listed(others)}"


def _target(column: MarkColumn, marks: Sequence[_Mark], *, scaled: bool) -> float | None:
    """Return the points that marks are converted to, or None where they are taken as they are."""
    maxima = sorted({mark.max_score for mark in marks if mark.is_final})
    if scaled:
        if not column.maximum:
            raise UsageError(f"--scale can't be used: {column.heading!r} does not say its maximum")
        return column.maximum
    if column.maximum is None or all(abs(each - column.maximum) < SAME for each in maxima):
        return None
    raise UsageError(
        f"{column.heading!r} is out of {number(column.maximum)} points, the results are out of "
        f"{' or '.join(map(number, maxima))}: change the points in the LMS and download the file "
        "again, or convert the marks with --scale"
    )


def _claims(roll: Roll, marks: Sequence[_Mark], filling: _Filling) -> dict[Person, list[_Mark]]:
    """Return whose marks each row is to take; who has none or no row is left out."""
    claims: dict[Person, list[_Mark]] = defaultdict(list)
    for mark in marks:
        is_written = filling.gradebook.takes(mark.standing)
        if not is_written:
            filling.outcome.leave_out(mark.shown, mark.standing.value)
        try:
            for person in roll.rows_of(mark.wanted):
                claims[person].append(mark)
        except NoRow as reason:
            if is_written:
                filling.outcome.leave_out(mark.shown, str(reason))
    return claims


@dataclass
class _Filling:
    """Marks on their way into a column.

    Attributes:
        maximum: the points that marks are converted to, or None.
        changed: students who had another mark, with both.
    """

    gradebook: Gradebook
    sheet: Sheet
    column: MarkColumn
    maximum: float | None
    outcome: Outcome
    changed: list[str] = field(default_factory=list)

    def put(self, person: Person, claiming: Sequence[_Mark]) -> None:
        """Write a row's mark, unless the row does not take it or it is not clear whose it is."""
        final = [mark for mark in claiming if self.gradebook.takes(mark.standing)]
        if not final:
            return
        points = {self._said(mark) for mark in final}
        reason = self._refusal(person)
        if len(claiming) > 1 and not (person.is_group and len(points) == 1):
            reason = f"several students of the class have one row: {person.shown}"
        for mark in final:
            if reason:
                self.outcome.leave_out(mark.shown, reason)
            else:
                self._write(person, mark.shown, *points)
                self.outcome.written += 1

    def notes(self) -> Iterator[str]:
        """Say which column was filled in, and whose mark was another one."""
        out_of = f", out of {number(self.column.maximum)}" if self.column.maximum else ""
        yield f"Filled in: the column {self.column.heading!r}{out_of}; all else is as it was."
        if self.sheet.table.is_of_windows:
            yield (
                f"The file is not in UTF-8, as if a spreadsheet had saved it, and stays so: if "
                f"{self.gradebook.lms} shows broken letters, download it anew and fill that in."
            )
        if self.changed:
            students = plural(len(self.changed), "student")
            yield f"Had another mark before: {students}: {listed(self.changed)}"

    def _write(self, person: Person, shown: str, points: str) -> None:
        row = self.sheet.body[person.place]
        before = row[self.column.place]
        if (old := decimal(before)) is not None and old == decimal(points):
            return  # as it is written there
        if old is not None:
            self.changed.append(f"{shown} ({before}, now {points})")
        written = points.replace(".", ",") if self._comma else points
        self.sheet.table.put(row, self.column.place, written)

    @cached_property
    def _comma(self) -> bool:
        return self.sheet.decimal_comma(self.column)

    def _said(self, mark: _Mark) -> str:
        """Return what is written for a mark."""
        return self.gradebook.excused if mark.is_excused else number(self._converted(mark))

    def _converted(self, mark: _Mark) -> float:
        if self.maximum is None:
            return mark.score
        return mark.score * self.maximum / mark.max_score if mark.max_score else 0.0

    def _refusal(self, person: Person) -> str:
        row = self.sheet.body[person.place]
        if any(row.values[len(self.sheet.headings) :]):
            raise UsageError(
                f"line {row.line} has more cells than there are headings: what separates cells "
                "must stand in quotes inside of one"
            )
        before = row[self.column.place].casefold()
        if before in EXCUSED:
            return f"excused in {self.gradebook.lms}"
        if before == NOT_THEIRS:
            return f"in {self.gradebook.lms} it is not assigned to them"
        return self.gradebook.refusal(self.sheet, row)
