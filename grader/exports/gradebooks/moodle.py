"""Moodle: the grading worksheet of an assignment, or its gradebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from grader.exports.formats import Format, Outcome
from grader.exports.gradebooks.filling import fill
from grader.exports.gradebooks.gradebook import Gradebook
from grader.exports.gradebooks.sheet import MarkColumn, decimal
from grader.exports.gradebooks.usernames import Usernames
from grader.exports.handed_in import moodle_file
from grader.lists.headings import Holds, held_by
from grader.lists.naming import folded
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.gradebooks.sheet import Sheet
    from grader.exports.results import Student
    from grader.lists.table import Row

__all__ = ["FORMAT"]

NEXT_STEP = (
    "Upload it in Moodle: in the assignment, under Submissions, Actions, Upload grading worksheet."
)
ENGLISH_ONLY = (
    "Its headings are those of a site in English; for any other, fill in the worksheet that Moodle "
    "gives under Download grading worksheet: --into."
)
BY_HAND = (
    "Upload it in Moodle under Grades, Import, CSV file: map `Username` or `Email address` to the "
    "student, and the last column to the assignment. The class was not downloaded from Moodle, so "
    "it can't be a grading worksheet."
)
WORKSHEET = (
    "Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)",
)  # fmt: skip
# The site's language decides the headings: English, German, French, Spanish, Italian, Portuguese,
# Dutch.
GRADE = frozenset(
    ("grade", "bewertung", "note", "calificacion", "valutazione", "nota", "cijfer", "beoordeling")
)
MAXIMUM = frozenset(
    (
        "maximum grade", "max grade", "bestwertung", "maximale bewertung", "note maximale",
        "calificacion maxima", "valutazione massima", "punteggio massimo", "nota maxima",
        "maximale cijfer", "maximale beoordeling", "maximumcijfer", "maximum cijfer",
    )
)  # fmt: skip
CHANGEABLE = frozenset(
    (
        "grade can be changed", "bewertung kann geandert werden", "la note peut etre modifiee",
        "la calificacion puede cambiarse", "la calificacion puede ser cambiada",
        "la valutazione puo essere modificata", "la valutazione puo essere cambiata",
        "a nota pode ser alterada", "nota pode ser alterada", "cijfer kan gewijzigd worden",
        "beoordeling kan gewijzigd worden", "cijfer kan worden gewijzigd",
    )
)  # fmt: skip
NO = frozenset(("no", "nein", "non", "nao", "nee"))
PARTICIPANT = re.compile(r"(?P<word>\D+)(?P<number>\d+)")  # `Participant 4400`, `Teilnehmer/in4400`
TITLE = re.compile(r"(?:[^:]*:\s*)?(?P<title>.*?)\s*\([^()]*\)")  # `Assignment: HW 3 (Real)`


class MoodleGradebook(Gradebook):
    """The worksheet that an assignment gives, or an export of the gradebook."""

    lms: ClassVar[str] = "Moodle"
    origin: ClassVar[str] = "Submissions, Actions, Download grading worksheet"
    next_step: ClassVar[str] = NEXT_STEP

    def is_heading(self, cells: Sequence[str], below: Sequence[Row]) -> bool:
        """Tell a worksheet by its participants, whatever the language, and an export by names."""
        names = [held_by(cell) for cell in cells[:2]] == [Holds.FIRST_NAME, Holds.LAST_NAME]
        return _are_participants(below) or (names and Holds.EMAIL in map(held_by, cells))

    def marks(self, sheet: Sheet) -> Iterator[MarkColumn]:
        """Return the one column of a worksheet; of an export, whatever tells no student."""
        grade, maximum = sheet.named(GRADE), sheet.named(MAXIMUM)
        if grade is not None and _are_participants(sheet.body):
            cells = [row[maximum] for row in sheet.body] if maximum is not None else []
            found = next((value for cell in cells if (value := decimal(cell)) is not None), None)
            yield MarkColumn(grade, sheet.headings[grade], "", found)
            return
        known = {0, *sheet.columns(*Holds)}
        for place, heading in enumerate(sheet.headings):
            if place not in known and heading:
                title = TITLE.fullmatch(heading)
                yield MarkColumn(place, heading, title["title"] if title else heading)

    def own_column(self, sheet: Sheet) -> int | None:
        """Return the column of participants, in a worksheet."""
        return 0 if _are_participants(sheet.body) else None

    def own_id(self, cell: str) -> str:
        """Return a participant's number."""
        found = PARTICIPANT.fullmatch(cell)
        return found["number"] if found else ""

    def own_id_of(self, student: Student) -> str:
        """Return the number that the student has in this assignment, and in no other."""
        found = moodle_file(student.handed_in_as)
        return found.participant if found else ""

    def refusal(self, sheet: Sheet, row: Row) -> str:
        """Tell a mark that is locked in the gradebook."""
        place = sheet.named(CHANGEABLE)
        locked = place is not None and folded(row[place]) in NO
        return "the mark is locked or overridden in Moodle's gradebook" if locked else ""


def _are_participants(body: Sequence[Row]) -> bool:
    cells = [row[0] for row in body if any(row.cells)]
    found = [PARTICIPANT.fullmatch(cell) for cell in cells]
    words = {match["word"] if match else "" for match in found}
    return len(words) == 1 and "" not in words


def _render(request: Request, file: BinaryIO) -> Outcome:
    gradebook = MoodleGradebook()
    if request.given is not None:
        return fill(gradebook, request, request.given, file)
    if any(map(gradebook.own_id_of, request.results.students)):
        return _write_worksheet(gradebook, request, file)
    return _write_import(request, file)


def _write_worksheet(gradebook: MoodleGradebook, request: Request, file: BinaryIO) -> Outcome:
    outcome = Outcome(NEXT_STEP, notes=[ENGLISH_ONLY])
    rows: list[tuple[str | float, ...]] = [WORKSHEET]
    for student in outcome.final(request.results.students):
        if not (number := gradebook.own_id_of(student)):
            outcome.leave_out(student.shown, "not downloaded from Moodle, so without its number")
            continue
        who = (f"Participant {number}", student.name, student.email)
        rows.append((*who, student.score, student.max_score, "-"))
        outcome.written += 1
    write_table(file, rows)
    return outcome


def _write_import(request: Request, file: BinaryIO) -> Outcome:
    outcome, usernames = Outcome(BY_HAND), Usernames()
    rows: list[tuple[str | float, ...]] = [("Username", "Email address", request.title)]
    for student in outcome.final(request.results.students):
        rows.append((usernames.of(student), student.email, student.score))
        outcome.written += 1
    write_table(file, rows)
    outcome.notes += usernames.notes()
    return outcome


FORMAT = Format(
    "moodle", "marks for an assignment or the gradebook", "moodle.csv", _render, fills=True
)
