"""Lists of the class, as LMSs and registrars give them.

- Canvas has no list for download but the gradebook (`lms.sheets.canvas`).
- Moodle, "Participants", "Download table data as": `First name, Last name, ID number,
  Email address, Groups`; one column `First name / Last name` in older versions.
- Brightspace, the classlist in the grades export: `OrgDefinedId, Username, Last Name, First Name,
  Email` and the sections.
- A registrar's workbook (ECMA-376, `xl/worksheets/sheet1.xml` with `xl/sharedStrings.xml`): a
  title, an empty row, German heads, and numbers of students as numbers.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lms.people import CLASS, Person
from lms.work import zipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["brightspace", "moodle", "workbook", "workbook_in_german"]

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
</Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONS = (
    f'{XML}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
PARTS = (
    f'{XML}<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
WORKBOOK = (
    f'{XML}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def moodle(students: Sequence[Person] = CLASS) -> bytes:
    """Return Moodle's table of participants."""
    header = ("First name", "Last name", "ID number", "Email address", "Groups")
    rows = [(each.given, each.family, each.sid, each.email, each.section) for each in students]
    return _csv([header, *rows]).encode()


def brightspace(students: Sequence[Person] = CLASS) -> bytes:
    """Return Brightspace's classlist."""
    header = ("OrgDefinedId", "Username", "Last Name", "First Name", "Email", "Sections")
    rows = [
        (f"#{each.sid}", f"#{each.login}", each.family, each.given, each.email, each.section)
        for each in students
    ]
    return _csv([header, *rows], "\r\n").encode("utf-8-sig")


def workbook(students: Sequence[Person] = CLASS) -> bytes:
    """Return a workbook with one row of heads."""
    header = ("Name", "Student ID", "Login", "Email", "Section")
    rows = [(each.sortable, each.sid, each.login, each.email, each.section) for each in students]
    return _xlsx([header, *rows])


def workbook_in_german(students: Sequence[Person] = CLASS) -> bytes:
    """Return a workbook of a German registrar: the heads are in its third row."""
    header = ("Matrikelnummer", "Nachname", "Vorname", "E-Mail", "Gruppe")
    rows = [(int(each.sid), each.family, each.given, each.email, each.section) for each in students]
    return _xlsx([("Teilnehmende: Training a network",), (), header, *rows])


def _csv(rows: Iterable[Sequence[str]], line_end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def _xlsx(rows: Iterable[Sequence[str | int]]) -> bytes:
    strings: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f"{chr(ord('A') + column)}{number}", value, strings)
            for column, value in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    items = "".join(f'<si><t xml:space="preserve">{escape(each)}</t></si>' for each in strings)
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": PARTS,
        "xl/worksheets/sheet1.xml": (
            f'{XML}<worksheet xmlns="{SHEET}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        ),
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="{SHEET}">{items}</sst>',
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def _cell(place: str, value: str | int, strings: dict[str, int]) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    number = strings.setdefault(value, len(strings))
    return f'<c r="{place}" t="s"><v>{number}</v></c>'
