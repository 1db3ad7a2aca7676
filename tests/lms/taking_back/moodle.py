"""Moodle: "Upload grading worksheet", and "Upload multiple feedback files in a zip".

`mod/assign/feedback/offline/importgradeslib.php` and `locallib.php` of moodle/moodle, with
`lib/csvlib.class.php`:

- UTF-8, commas, a BOM is cut off; a row with another number of columns than the first refuses
  all.
- The columns of the id, the grade and the grade's last change are found by their names *in the
  site's language*, exactly; without one of them all is refused.
- The id is what is left of its cell after as many characters as the language's word for a
  participant has. Rows of nobody are passed over.
- A number is read as PHP reads one, after the language's decimal sign became a point: `12,5` is
  12 on an English site. Nothing at all, less than zero or more than the maximum is passed over.
- Feedback is taken from the columns with the plugins' names; what did not change is left alone.

`mod/assign/feedback/file/importziplib.php`: paths are walked part by part; the first part with at
least four pieces between `_` whose second is a participant's number and whose third and fourth
are a plugin is the student's, and what comes after it is the file's path. Names that begin with
`.` or `~` are ignored. A group's number is no participant's: the names of a team's folders match
nobody.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lms.moodle import participant
from lms.people import CLASS, Person
from lms.sheets import COMMENT, MAX_SCORE
from lms.taking_back.refusing import Refused, table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENGLISH", "GERMAN", "Language", "Worksheet", "import_feedback", "import_worksheet"]

PLUGINS = {
    ("assignsubmission", "file"),
    ("assignsubmission", "onlinetext"),
    ("assignsubmission", "comments"),
    ("assignfeedback", "file"),
    ("assignfeedback", "comments"),
}


@dataclass(frozen=True)
class Language:
    """The words of a site that the import goes by."""

    id: str
    grade: str
    modified: str
    comments: str
    participant: str
    decimal: str


ENGLISH = Language(
    "Identifier", "Grade", "Last modified (grade)", "Feedback comments", "Participant ", "."
)
GERMAN = Language(
    "ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar",
    "Teilnehmer/in", ",",
)  # fmt: skip


@dataclass
class Worksheet:
    """What an import changes.

    Attributes:
        grades: by login.
        feedback: by login, where the comment is another one now.
        passed_over: by login, grades that were not taken.
    """

    grades: dict[str, float] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)


def import_worksheet(content: bytes, language: Language = ENGLISH) -> Worksheet:
    """Import a worksheet into the assignment that the class has.

    Raises:
        Refused: Moodle says that it is no worksheet, or that its columns are weird.
    """
    header, *rows = _rows(content)
    wanted = (language.id, language.grade, language.modified)
    if not set(wanted) <= set(header):
        raise Refused(f"invalid: it has no {', '.join(set(wanted) - set(header))}")
    sheet = Worksheet()
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        number = cells[language.id][len(language.participant) :]
        for student in CLASS:
            if number == str(participant(student)):
                _grade(sheet, student, cells[language.grade], language)
                _comment(sheet, student, cells.get(language.comments))
    return sheet


def import_feedback(archive: bytes) -> tuple[dict[str, dict[str, bytes]], list[str]]:
    """Upload feedback; return files by login and path, and the names that matched nobody.

    Raises:
        Refused: it is no zip.
    """
    files: dict[str, dict[str, bytes]] = {}
    ignored = []
    try:
        opened = zipfile.ZipFile(io.BytesIO(archive))
    except zipfile.BadZipFile as error:
        raise Refused("no zip") from error
    with opened:
        for info in opened.infolist():
            if info.is_dir():
                continue
            found = _owner_of(info.filename)
            if found is None:
                ignored.append(info.filename)
                continue
            student, path = found
            content = opened.read(info)
            if not _unchanged(student, path, content):
                files.setdefault(student.login, {})[path.strip("/")] = content
    return files, ignored


def _rows(content: bytes) -> list[list[str]]:
    try:
        rows = [row for row in table(content.decode("utf-8-sig"), ",") if row]
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error
    if not rows:
        raise Refused("csvemptyfile")
    if len(rows[0]) < 2:
        raise Refused("csvfewcolumns")
    if any(len(row) != len(rows[0]) for row in rows):
        raise Refused("csvweirdcolumns")
    return rows


def _grade(sheet: Worksheet, student: Person, text: str, language: Language) -> None:
    if not text.strip():
        return
    plain = text.replace(" ", "").replace(language.decimal, ".")
    match = re.match(r"[+-]?\d*\.?\d+|[+-]?\d+", plain)
    grade = float(match[0]) if match else 0.0
    if 0 <= grade <= MAX_SCORE:
        sheet.grades[student.login] = grade
    else:
        sheet.passed_over[student.login] = text


def _comment(sheet: Worksheet, student: Person, text: str | None) -> None:
    old = COMMENT if student.login == "mensah" else ""
    if text is not None and text != old:
        sheet.feedback[student.login] = text


def _owner_of(path: str) -> tuple[Person, str] | None:
    *_, name = parts = [_cleaned(part) for part in path.split("/")]
    if name.startswith((".", "~")):
        return None
    students: Mapping[int, Person] = {participant(each): each for each in CLASS}
    while parts:
        pieces = parts.pop(0).split("_", 4)
        if len(pieces) < 4 or not pieces[1].isascii() or not pieces[1].isdigit():
            continue
        student = students.get(int(pieces[1]))
        if student and (pieces[2], pieces[3]) in PLUGINS:
            return student, "/".join([*pieces[4:], *parts])
    return None


def _cleaned(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f&<>\"`|':\\]", "", name)


def _unchanged(student: Person, path: str, content: bytes) -> bool:
    return any(file.name == path.strip("/") and file.content == content for file in student.newest)
