"""Sakai: "Download All", as `AssignmentServiceImpl.zipSubmissions` of sakaiproject/sakai writes it.

- A folder named after the assignment, with `grades.csv` in it and a folder for each student:
  `Last, First(eid)`; who has one name only gets the comma all the same.
- `escapeInvalidCharsEntry`: names are written without accents, and *all that is not ASCII is left
  out*: `王, 小明(wang.xm)` becomes `, (wang.xm)`. The real name stands in `grades.csv` alone.
- In it `timestamp.txt` (an instant, `2026-11-20T17:21:00Z`; older: `20261120172100000`),
  `Submission attachment(s)/`, `FOLDER_submissionText.html`, and, if asked for, `comments.txt`,
  `feedbackText.html` and `Feedback Attachment(s)/`.
- Without folders (SAK-19147), `FOLDER_Submission attachment(s)_FILE` and
  `FOLDER__submissionText.html`, and no time.
- `zipAttachments`: two attachments of one name are `name.py` and `name+1.py`.
- `SpreadsheetExporter.CsvExporter`: UTF-8 with a BOM, every cell in quotes; the title and the kind
  of grade, an empty row, then `Display ID, ID, Last Name, First Name, Grade, Submission Date,
  Late Submission`, whose words are `On time` and `Late`; all of it in the site's language. The ID
  is the eid, which the folders have too; the Display ID may be another number. Where numbers have
  commas the separator is `;` (`getCsvSeparator`).
- Group assignments (`zipGroupSubmissions`): `Group title (group's id)`, and `grades.csv` has the
  group, its id, and the members' names.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting, files_in
from lms.people import CLASS, Person, person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["flat", "folder_name", "groups", "older", "sakai", "without_grades"]

TITLE = "Training a network"
FILE_NAME = "bulk_download"
ATTACHMENTS = "Submission attachment(s)"
HEADER = (
    "Display ID", "ID", "Last Name", "First Name", "Grade", "Submission Date", "Late Submission",
)  # fmt: skip
GROUP_HEADER = ("Group", "Group ID", "Users", "Grade", "Submission Date", "Late Submission")


def sakai() -> Download:
    """Return what Sakai gives."""
    return _download("sakai", "%Y-%m-%dT%H:%M:%SZ")


def older() -> Download:
    """Return what it gave when times were 17 digits, on a site with decimal commas."""
    return _download("sakai-older", "%Y%m%d%H%M%S000", ";")


def flat() -> Download:
    """Return what it gives in one folder for all."""
    download = sakai()
    entries = []
    for entry in download.entries:
        top, *inner = entry.path.split("/")
        if inner[-1] != "timestamp.txt":
            name = "_".join(inner).replace(f"{inner[0]}_{inner[0]}", f"{inner[0]}_")
            entries.append(replace(entry, path=f"{top}/{name}"))
    return replace(download, name="sakai-flat", entries=tuple(entries))


def without_grades() -> Download:
    """Return what it gives without `grades.csv`: names in ASCII, and nothing of who was late."""
    download = sakai()
    expected = tuple(replace(each, name="", late=None) for each in download.expected)
    return replace(
        download, name="sakai-without-grades", entries=download.entries[:-1], expected=expected
    )


def groups() -> Download:
    """Return what it gives of a group assignment; all but one of them have one member."""
    speaker = person("lima")
    speaking = [each for each in CLASS if each.handed_in and (not each.group or each is speaker)]
    entries: list[Entry] = []
    rows = []
    for each in speaking:
        group = _team(each)
        number = f"8f1c{each.number}"
        entries += _student(each, f"{group} ({number})", group, "%Y-%m-%dT%H:%M:%SZ")
        members = [one for one in CLASS if one.group == group] or [each]
        names = "; ".join(map(_display_name, members))
        rows.append((group, number, names, "", f"{each.at():%Y-%m-%dT%H:%M:%SZ}", _lateness(each)))
    entries.append(Entry(f"{TITLE}/grades.csv", _sheet(GROUP_HEADER, rows)))
    expected = tuple(
        # two Janes are told apart by their teams alone
        expecting(each, f"{_display_name(each)}, {_team(each)}", name=_display_name(each),
                  group=_team(each), late=each.late,
                  submitted_at=(speaker if each.group else each).at())
        for each in CLASS
        if each.handed_in
    )  # fmt: skip
    return Download("sakai-groups", FILE_NAME, tuple(entries), expected, student_folders=0)


def folder_name(student: Person) -> str:
    """Return the name of a student's folder."""
    name = student.sortable if "," in student.sortable else f"{student.sortable},"
    return _ascii(f"{name}({student.login})").strip()


def _download(name: str, time: str, separator: str = ",") -> Download:
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [entry for each in handed_in for entry in _student(each, folder_name(each), "", time)]
    rows = [
        (
            each.sid,
            each.login,
            each.family,
            each.given,
            "",
            f"{each.at():{time}}",
            _lateness(each),
        )
        for each in handed_in
    ]
    entries.append(Entry(f"{TITLE}/grades.csv", _sheet(HEADER, rows, separator)))
    expected = tuple(_expected(each) for each in handed_in)
    return Download(name, FILE_NAME, tuple(entries), expected, student_folders=0)


def _student(student: Person, folder: str, text_as: str, time: str) -> Iterator[Entry]:
    inside = f"{TITLE}/{folder}"
    yield Entry(f"{inside}/timestamp.txt", f"{student.at():{time}}".encode())
    page = f"<p>{student.text}</p>" if student.text else ""
    yield Entry(f"{inside}/{text_as or folder}_submissionText.html", page.encode())
    yield from files_in(f"{inside}/{ATTACHMENTS}", student.newest)
    yield Entry(f"{inside}/comments.txt", b"")


def _sheet(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], separator: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([(TITLE, "SCORE_GRADE_TYPE"), ("",), header, *rows])
    return text.getvalue().encode("utf-8-sig")


def _team(student: Person) -> str:
    return student.group or f"Team {student.number}"


def _display_name(student: Person) -> str:
    """Return what Sakai makes of the first and the last name, in every language."""
    return f"{student.given} {student.family}".strip()


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()


def _lateness(student: Person) -> str:
    return "Late" if student.late else "On time"


def _expected(student: Person) -> Expected:
    return expecting(
        student,
        student.login,
        name=_display_name(student),
        login=student.login,
        late=student.late,
        submitted_at=student.at(),
    )
