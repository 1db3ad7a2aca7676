r"""Canvas: "Import" in the gradebook, and "Upload Submissions" of an assignment.

`lib/gradebook_importer.rb` of instructure/canvas-lms:

- `semicolon_delimited?`: of the first three lines, whichever of `;` and `,` gives all of them the
  same number of fields, and more of them. Lines of nothing but `;`, `,` and spaces are skipped.
- `decimal_comma_to_period`: a field of digits, dots and commas alone is normalised: the last of
  its separators is the decimal point, the others vanish.
- `header?`: at least four columns, `Student` in the first, `ID` in the second;
  `update_column_count` and `last_student_info_column`: `Section` where the columns about students
  end.
- What has `Current Score` and its like anywhere in it is no assignment. `title_and_id`: `Title
  (id)`; else by the title alone; else a *new* assignment, which Canvas offers to make.
- A row with `Points Possible` in its first cell sets the points; `read only` under a column skips
  it. A row of nothing but `Muted` or `Manual Posting` is passed over.
- `process_student`: by ID, SIS User ID, SIS Login ID, then the *first* whose name or sortable
  name it is; else a *new* student, about whom Canvas asks.
- `EX` in any case excuses; nothing and `-` are no score, and clear one that was there.

`app/models/abstract_assignment.rb`, `infer_comment_context_from_filename`: `LATE` is taken out of
the parts between `_`; after `anon` come the anonymous id and the attachment's number; else the
first two parts that are numbers are the user's and the attachment's. A file whose last part
begins with `link`, that begins with `._`, or whose attachment is none of this submission is
ignored. **The student sees it under the attachment's own name**, whatever it was uploaded as.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from lms.canvas import GROUP, anonymous_id, attachments, squashed
from lms.people import CLASS, Person
from lms.sheets import CANVAS_ASSIGNMENTS, TEST_STUDENT
from lms.taking_back.refusing import Refused, number, table

__all__ = ["Attached", "Gradebook", "attach", "import_gradebook"]

TOTALS = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|"
    "Override Score|Override Grade|Override Status"
)
HIDDEN = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
EXCUSED = "EX"


@dataclass
class Gradebook:
    """What an import changes.

    Attributes:
        scores: by assignment and the student's number; None where there is no score, `EX` excused.
        points: by assignment, where the file says them.
        new_students: names that Canvas can't match and asks about.
        new_assignments: titles that Canvas offers to make.
        read_only: columns that were passed over.
    """

    scores: dict[str, dict[int, float | str | None]] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    new_students: list[str] = field(default_factory=list)
    new_assignments: list[str] = field(default_factory=list)
    read_only: list[str] = field(default_factory=list)


@dataclass
class Attached:
    """What became of uploaded feedback.

    Attributes:
        files: by the student's number, what hangs at the submission: the name under which the
            student sees it, and its content.
        ignored: names of files that Canvas did nothing with.
    """

    files: dict[int, list[tuple[str, bytes]]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def import_gradebook(content: bytes) -> Gradebook:
    """Import a gradebook into the course that the class is in.

    Raises:
        Refused: Canvas says "Invalid header row", or that it did not parse.
    """
    header, *rows = _rows(content)
    titles = _assignments(header)
    book = Gradebook(scores={title: {} for title in titles.values()})
    known = {f"{title} ({number_})" for number_, title in CANVAS_ASSIGNMENTS.items()}
    known |= set(CANVAS_ASSIGNMENTS.values())
    book.new_assignments = [header[place] for place in titles if header[place] not in known]
    for row in rows:
        cells = dict(enumerate(row))
        if "Points Possible" in cells.get(0, ""):
            _set_points(book, titles, cells)
        elif not all(HIDDEN.fullmatch(cell) for cell in row):
            _grade(book, titles, cells, _student_columns(header))
    for title in book.read_only:
        del book.scores[title]
    return book


def attach(archive: bytes) -> Attached:
    """Upload a zip of feedback to the assignment of `lms.canvas.canvas`.

    Raises:
        Refused: it is no zip.
    """
    attached = Attached()
    try:
        files = zipfile.ZipFile(io.BytesIO(archive))
    except zipfile.BadZipFile as error:
        raise Refused("no zip") from error
    with files:
        for info in files.infolist():
            if info.is_dir():
                continue
            found = _owner_of(info.filename.rpartition("/")[2])
            if found is None:
                attached.ignored.append(info.filename)
                continue
            student, shown_as = found
            content = files.read(info)
            attached.files.setdefault(student.number, []).append((shown_as, content))
    return attached


def _rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error
    lines = [line for line in text.splitlines(keepends=True) if not _is_empty(line)]
    if not lines:
        raise Refused("empty")
    delimiter = ";" if _fields(lines, ";") > _fields(lines, ",") else ","
    rows = table("".join(lines), delimiter)
    return [[_normalised(cell) for cell in row] for row in rows]


def _is_empty(line: str) -> bool:
    return re.fullmatch(r"[;, ]+", line.rstrip("\r\n")) is not None


def _fields(lines: list[str], delimiter: str) -> int:
    try:
        sizes = {len((table(line, delimiter) or [[]])[0]) for line in lines[:3]}
    except Refused:
        return 0
    return sizes.pop() if len(sizes) == 1 else 0


def _normalised(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split(r"[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


def _student_columns(header: list[str]) -> dict[str, int]:
    """Return where the columns about students are, and how many there are (`end`)."""
    if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
        raise Refused("Invalid header row")
    columns = {"ID": 1, "end": 3}
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        columns |= {"login": 2, "end": 4}
    elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        more = sum(1 for pattern in ("Integration ID", "Root Account") if pattern in header[4:6])
        columns |= {"sis": 2, "login": 3, "end": 5 + more}
    if len(header) < columns["end"] or "Section" not in header[columns["end"] - 1]:
        raise Refused("Invalid header row")
    return columns


def _assignments(header: list[str]) -> dict[int, str]:
    """Return the titles of the assignments by the place of their columns."""
    titles = {}
    for cell in header[_student_columns(header)["end"] :]:
        if TOTALS.search(cell):
            continue
        match = re.fullmatch(r"(.*)\s\((\d+)\)", cell)
        title = CANVAS_ASSIGNMENTS.get(int(match[2])) if match else None
        titles[header.index(cell)] = title or (match[1] if match else cell)
    return titles


def _set_points(book: Gradebook, titles: dict[int, str], cells: dict[int, str]) -> None:
    for place, title in titles.items():
        if re.search(r"read\s+only", cells.get(place, "")):
            book.read_only.append(title)
        elif cells.get(place):
            book.points[title] = number(cells[place])


def _grade(
    book: Gradebook, titles: dict[int, str], cells: dict[int, str], columns: dict[str, int]
) -> None:
    student = _student(cells, columns)
    if student is None:
        book.new_students.append(cells.get(0, ""))
        return
    for place, title in titles.items():
        text = cells.get(place, "").strip()
        score: float | str | None
        if text.upper() == EXCUSED:
            score = EXCUSED
        else:
            score = None if text in {"", "-", "N/A"} else number(text)
        book.scores[title][student] = score


def _student(cells: dict[int, str], columns: dict[str, int]) -> int | None:
    ids = re.match(r"\d+", cells.get(columns["ID"], ""))
    wanted = int(ids[0]) if ids else 0
    if wanted in {TEST_STUDENT, *(each.number for each in CLASS)}:
        return wanted
    sis = cells.get(columns.get("sis", -1), "")
    login = cells.get(columns.get("login", -1), "")
    name = cells.get(0, "")
    for matches in (
        [each for each in CLASS if sis and each.sid == sis],
        [each for each in CLASS if login and each.login == login],
        [each for each in CLASS if name in {each.name, each.sortable}],
    ):
        if matches:
            return matches[0].number
    return None


def _owner_of(name: str) -> tuple[Person, str] | None:
    """Return whose feedback a file is, and the name of the attachment that it answers."""
    group = squashed(GROUP)
    parts = [part for part in name.removeprefix(f"{group}_").split("_") if part != "LATE"]
    if parts[0] == "anon":
        users, wanted = [each for each in CLASS if parts[1:2] == [anonymous_id(each)]], parts[2:3]
    else:
        numbers = [part for part in parts if re.fullmatch(r"\d+", part)]
        users, wanted = [each for each in CLASS if numbers[:1] == [str(each.number)]], numbers[1:2]
    if parts[-1].startswith("link") or name.startswith("._") or not users:
        return None
    shown = {str(number_): file.name for number_, file in attachments(users[0])}
    return (users[0], shown[wanted[0]]) if wanted and wanted[0] in shown else None
