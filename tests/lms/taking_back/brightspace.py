"""Brightspace: "Import" of grades.

D2L's "Importing grades" (community.d2l.com, kb 3538) and its sample file, and samples of users:

- CSV. `OrgDefinedId` or `Username` or both; a `#` before a value is not part of it.
- `<Item> Points Grade`, also with `<Numeric MaxPoints:25 …>` after it as in an export; an item that
  is not there is offered to be made.
- `End-of-Line Indicator` is the last column, with `#` in each row.
- A grade above the item's maximum is capped, so a test must see that none is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lms.people import CLASS, Person
from lms.sheets import MAX_SCORE, OLD_MAX_SCORE, OLD_TITLE, TITLE
from lms.taking_back.refusing import Refused, number, table

__all__ = ["Imported", "import_grades"]

END = "End-of-Line Indicator"
MAXIMA = {TITLE: MAX_SCORE, OLD_TITLE: OLD_MAX_SCORE}
ABOUT_STUDENTS = {"OrgDefinedId", "Username", "Last Name", "First Name", "Email"}


@dataclass
class Imported:
    """What an import changes.

    Attributes:
        grades: by item and login; capped as D2L caps them.
        capped: logins whose grade was above the maximum.
        new_items: items that D2L offers to make.
        unknown: ids that are not in the course.
        passed_over: heads that mean nothing to the import.
    """

    grades: dict[str, dict[str, float]] = field(default_factory=dict)
    capped: list[str] = field(default_factory=list)
    new_items: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def import_grades(content: bytes) -> Imported:
    """Import grades.

    Raises:
        Refused: a required column is missing, or a row does not end as it has to.
    """
    try:
        header, *rows = table(content.decode("utf-8-sig"), ",")
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused("no CSV") from error
    heads = [head.strip() for head in header]
    if not {"OrgDefinedId", "Username"} & set(heads):
        raise Refused("neither OrgDefinedId nor Username")
    if heads[-1] != END:
        raise Refused(f"the last column is not {END}")
    imported = Imported()
    items = _items(imported, heads)
    for row in filter(None, rows):
        if len(row) != len(heads) or row[-1].strip() != "#":
            raise Refused(f"a row does not end with #: {row}")
        _grade(imported, items, dict(zip(heads, row, strict=True)))
    return imported


def _items(imported: Imported, heads: list[str]) -> dict[str, str]:
    items = {}
    for head in heads[:-1]:
        match = re.fullmatch(r"(.+) Points Grade(\s*<[^<>]*>)?", head)
        if match:
            items[head] = match[1]
            imported.grades[match[1]] = {}
            imported.new_items += [match[1]] if match[1] not in MAXIMA else []
        elif head not in ABOUT_STUDENTS:
            imported.passed_over.append(head)
    return items


def _grade(imported: Imported, items: dict[str, str], cells: dict[str, str]) -> None:
    student = _student(cells)
    if student is None:
        imported.unknown.append(cells.get("Username") or cells.get("OrgDefinedId", ""))
        return
    for head, item in items.items():
        if not cells[head].strip():
            continue
        grade, most = number(cells[head]), MAXIMA.get(item, float("inf"))
        imported.grades[item][student.login] = min(grade, most)
        if grade > most:
            imported.capped.append(student.login)


def _student(cells: dict[str, str]) -> Person | None:
    wanted = {
        key: cells[key].removeprefix("#") for key in ("OrgDefinedId", "Username") if key in cells
    }
    matches = [
        each
        for each in CLASS
        if wanted.get("OrgDefinedId", each.sid) == each.sid
        and wanted.get("Username", each.login) == each.login
    ]
    return matches[0] if len(matches) == 1 else None
