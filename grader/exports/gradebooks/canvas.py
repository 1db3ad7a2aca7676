"""Canvas: its gradebook, which it takes back under Grades, Import."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from grader.exports.formats import Format, Outcome
from grader.exports.gradebooks.filling import fill
from grader.exports.gradebooks.gradebook import Gradebook
from grader.exports.gradebooks.sheet import MarkColumn, decimal
from grader.exports.handed_in import canvas_file
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.sheet import Sheet
    from grader.exports.results import Student
    from grader.lists.table import Row

__all__ = ["FORMAT"]

NEXT_STEP = "Upload it in Canvas under Grades, Import: Canvas shows what changes before it saves."
NEW_COLUMN = (
    "The assignment is called {!r} in it; if the course has none of that very name, Canvas offers "
    "to make one. To be sure of the right one, fill in the gradebook that Canvas exports: --into."
)
HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"  # its importer knows the row by this, with the four blanks
READ_ONLY = re.compile(r"\(.*\)")  # `(read only)`, in the language of the account
TOTAL = re.compile(r"(?:Current|Final|Override) (?:Score|Points|Grade|Status)")
TITLE = re.compile(r"(?P<title>.*?)\s*\(\d+\)")


class CanvasGradebook(Gradebook):
    """The file that Canvas gives under Grades, Export."""

    lms: ClassVar[str] = "Canvas"
    origin: ClassVar[str] = "Grades, Export"
    next_step: ClassVar[str] = NEXT_STEP
    own_ids_last: ClassVar[bool] = True  # a user's number; the file of a group has one member's
    excused: ClassVar[str] = "EX"

    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell it by what Canvas's own importer looks for."""
        del below
        names = cells[:1] == ["Student"] or cells[:2] == ["LastName", "FirstName"]
        return names and "ID" in cells[1:3] and "Section" in cells

    def marks(self, sheet: Sheet) -> Iterator[MarkColumn]:
        """Return the assignments; totals, notes and what is read-only are none."""
        points = next((row for row in sheet.body if POINTS.strip() in row[0]), None)
        for place, heading in enumerate(sheet.headings):
            possible = points[place] if points else ""
            title = TITLE.fullmatch(heading)
            if title and not TOTAL.search(heading) and not READ_ONLY.fullmatch(possible):
                yield MarkColumn(place, heading, title["title"], decimal(possible))

    def is_person(self, row: Row) -> bool:
        """Leave out the row of points, and that of how grades are posted, which has no name."""
        return bool(row[0]) and POINTS.strip() not in row[0]

    def own_column(self, sheet: Sheet) -> int | None:
        """Return the column `ID`."""
        return sheet.headings.index("ID")

    def own_id_of(self, student: Student) -> str:
        """Return the user's number, which stands in the name of each downloaded file.

        A group called `Team_7` has a number before it; then the student's id tells which it is.
        """
        found = canvas_file(student.handed_in_as)
        if found is None or not found.user:
            return ""
        id_ = student.student
        return id_ if id_.isdecimal() and f"_{id_}_" in student.handed_in_as else found.user


def _render(request: Request, file: BinaryIO) -> Outcome:
    gradebook = CanvasGradebook()
    if request.given is not None:
        return fill(gradebook, request, request.given, file)
    outcome = Outcome(NEXT_STEP, notes=[NEW_COLUMN.format(request.title)])
    names = Counter(student.name for student in request.results.students)
    rows: list[tuple[str | float, ...]] = []
    points = 0.0
    for student in outcome.final(request.results.students, excused=True):
        own = gradebook.own_id_of(student)
        login = student.login or ("" if own else student.student)
        if not (own or student.login) and names[student.name] > 1 and student.name:
            outcome.leave_out(student.shown, "Canvas can't tell who of several has this name")
            continue
        points = max(points, student.max_score)
        name = student.name or student.student
        mark = gradebook.excused if student.excused else student.score
        rows.append((name, own, "", login, student.section, mark))
        outcome.written += 1
    title = request.title
    write_table(file, [(*HEAD, title), (POINTS, "", "", "", "", points), *rows])
    return outcome


FORMAT = Format("canvas", "marks for its gradebook", "canvas.csv", _render, fills=True)
