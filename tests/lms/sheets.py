"""The files of marks that LMSs give out and take back, with the class in them.

In each there is an older homework with marks that must stay as they are, and "Training a network",
out of 25, which is to be filled in.

- Canvas, `lib/gradebook_exporter.rb`: `Student, ID, SIS User ID, SIS Login ID, Section`, then
  `Title (id)` for each assignment and the totals; a row `Manual Posting` where an assignment is
  posted by hand; a row `    Points Possible` with `(read only)` under the totals; students by
  sortable name, the test student last. `EX` is excused, `N/A` not assigned. With a user's settings
  (`CSVWithI18n`) there is a BOM, and `;` with decimal commas.
- Moodle, `mod/assign/gradingtable.php`: `Identifier` (the word `Participant ` and the number),
  `Full name`, the fields that identify a user, `Status`, `Grade`, `Maximum Grade`, `Grade can be
  changed`, `Last modified (submission)`, `Last modified (grade)`, and each text feedback. All
  headers are the site's language's: in the German one the id is `ID`, its word `Teilnehmer/in` has
  no space after it, and numbers have commas (`mod/assign/lang/de`). PHP's `fputcsv` quotes what has
  a space in it.
- Blackboard, "Work Offline": tab-separated UTF-16 in quotes, called `.xls`, or a CSV; the heads
  `Title [Total Pts: 25 Score] |664617`, whose last number is how a column is found again.
- Brightspace, "Export Grades": `OrgDefinedId` and `Username` with a `#` before them, which keeps
  zeros in spreadsheets, `Title Points Grade <Numeric MaxPoints:25>`, and
  `End-of-Line Indicator`, `#`.
- Sakai: `grades.csv`, as in `lms.sakai`.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from lms.moodle import participant
from lms.people import CLASS, Person
from lms.sakai import HEADER as SAKAI_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "CANVAS_ASSIGNMENTS",
    "COMMENT",
    "MAX_SCORE",
    "TEST_STUDENT",
    "TITLE",
    "blackboard_csv",
    "blackboard_xls",
    "brightspace",
    "canvas",
    "moodle",
    "moodle_german",
    "old_mark",
    "sakai",
]

TITLE, MAX_SCORE = "Training a network", 25.0
OLD_TITLE, OLD_MAX_SCORE = "Homework 0", 10.0
CANVAS_ASSIGNMENTS = {9001: OLD_TITLE, 9002: TITLE}
TEST_STUDENT = 4999  # Canvas's own, so that an instructor can see the course as students do
TOTALS = ("Current Score", "Unposted Current Score", "Final Score", "Unposted Final Score")
READ_ONLY = "(read only)"
COMMENT = '<p>Well done, "Kwame".</p>\n<p>One question; see me, please.</p>'  # of another marker


def old_mark(student: Person) -> float:
    """Return a student's mark in the older homework."""
    return student.number % 7 + 0.5


def canvas(*, semicolons: bool = False) -> bytes:
    """Return a gradebook, with a BOM; or with semicolons and decimal commas, and none."""
    comma = "," if semicolons else "."
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if semicolons else ",", lineterminator="\n")
    writer.writerows(_canvas_rows(comma))
    return text.getvalue().encode("utf-8" if semicolons else "utf-8-sig")


def moodle() -> bytes:
    """Return a grading worksheet."""
    header = (
        "Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
        "Maximum Grade", "Grade can be changed", "Last modified (submission)",
        "Last modified (grade)", "Feedback comments",
    )  # fmt: skip
    rows = [
        (
            f"Participant {participant(each)}", each.name, each.sid, each.email,
            "Submitted for grading - " if each.handed_in else "No submission - ",
            "", "25.00", "Yes", _moodle_time(each), "-", COMMENT if each.login == "mensah" else "",
        )
        for each in CLASS
    ]  # fmt: skip
    return _fputcsv([header, *rows]).encode()


def moodle_german() -> bytes:
    """Return a grading worksheet of a German site, with a BOM."""
    header = (
        "ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung",
        "Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)",
        "Zuletzt geändert (Bewertung)", "Feedback als Kommentar",
    )  # fmt: skip
    rows = [
        (
            f"Teilnehmer/in{participant(each)}", each.name, each.email,
            "Zur Bewertung abgegeben - " if each.handed_in else "Keine Abgabe - ",
            "", "25,00", "Ja", _moodle_time(each), "-", "",
        )
        for each in CLASS
    ]  # fmt: skip
    return _fputcsv([header, *rows]).encode("utf-8-sig")


def blackboard_xls() -> bytes:
    """Return a download of the Full Grade Center, which is text in spite of its name."""
    return _blackboard("\t").encode("utf-16")


def blackboard_csv() -> bytes:
    """Return it with commas."""
    return _blackboard(",").encode("utf-8-sig")


def brightspace() -> bytes:
    """Return an export of the grades."""
    header = (
        "OrgDefinedId", "Username", "Last Name", "First Name", "Email",
        f"{OLD_TITLE} Points Grade <Numeric MaxPoints:10>",
        f"{TITLE} Points Grade <Numeric MaxPoints:25>",
        "End-of-Line Indicator",
    )  # fmt: skip
    rows = [
        (
            f"#{each.sid}", f"#{each.login}", each.family, each.given, each.email,
            f"{old_mark(each)}", "", "#",
        )
        for each in CLASS
    ]  # fmt: skip
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


def sakai() -> bytes:
    """Return the `grades.csv` of a download, with who handed in nothing."""
    rows = [
        (
            each.sid, each.login, each.family, each.given, "",
            f"{each.at():%Y-%m-%dT%H:%M:%SZ}" if each.handed_in else "",
            "Late" if each.late else "On time" if each.handed_in else "No submission",
        )
        for each in CLASS
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([(TITLE, "SCORE_GRADE_TYPE"), ("",), SAKAI_HEADER, *rows])
    return text.getvalue().encode("utf-8-sig")


def _canvas_rows(comma: str) -> Iterator[Sequence[str]]:
    titles = [f"{title} ({number})" for number, title in CANVAS_ASSIGNMENTS.items()]
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles, *TOTALS)
    yield head
    yield ("", "", "", "", "", "", "Manual Posting", *[""] * len(TOTALS))
    points = [_number(value, comma) for value in (OLD_MAX_SCORE, MAX_SCORE)]
    yield ("    Points Possible", "", "", "", "", *points, *[READ_ONLY] * len(TOTALS))
    for each in sorted(CLASS, key=lambda one: one.sortable.casefold()):
        old = "EX" if each.login == "rossi" else _number(old_mark(each), comma)
        total = _number(old_mark(each) * 10, comma)
        who = (each.sortable, str(each.number), each.sid, each.login, each.section)
        yield (*who, old, "", *[total] * len(TOTALS))
    test_login = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed"
    who = ("Student, Test", str(TEST_STUDENT), "", test_login, "Section A")
    yield (*who, "", "", *[_number(0.0, comma)] * len(TOTALS))


def _number(value: float, comma: str) -> str:
    return f"{value:.2f}".replace(".", comma)


def _moodle_time(student: Person) -> str:
    if not student.handed_in:
        return "-"
    at = student.at()
    return f"{at:%A}, {at.day} {at:%B} {at:%Y}, {at.hour % 12 or 12}:{at:%M %p}"


def _fputcsv(rows: Iterable[Sequence[str]]) -> str:
    """Write rows as PHP does: in quotes what has a separator, a quote, a line end or a space."""
    return "".join(",".join(map(_field, row)) + "\n" for row in rows)


def _field(value: str) -> str:
    if not any(character in value for character in ',"\n\r\t \\'):
        return value
    return '"' + value.replace('"', '""') + '"'


def _blackboard(separator: str) -> str:
    header = (
        "Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability",
        "Weighted Total [Total Pts: up to 35 Score] |664610",
        f"{OLD_TITLE} [Total Pts: 10 Score] |664616",
        f"{TITLE} [Total Pts: 25 Score] |664617",
    )  # fmt: skip
    rows = [
        (
            each.family, each.given, each.login, each.sid, "2026-11-20 17:00:00", "Yes",
            f"{old_mark(each):.2f}", f"{old_mark(each):.2f}",
            "Needs Grading(0.00)" if each.handed_in else "",
        )
        for each in CLASS
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([header, *rows])
    return text.getvalue()
