"""Sakai: "Upload All" of an assignment.

`uploadAll_parseZipFile` of `AssignmentAction.java` of sakaiproject/sakai:

- A zip such as was downloaded; `grades.csv` is in the assignment's folder.
- The first three rows are not looked at, *whatever is in them*: a table without the empty second
  row loses its first student. In the others with more than four cells, the second is the user's
  id (eid) and the fifth the grade; of a group assignment the group's id and, with more than three
  cells, the fourth. Whom it does not know it passes over.
- `validPointGrade`: a number that is not negative, with the site's decimal sign and at most two
  places; one that is not stops all of it.
- What is in `Feedback Attachment(s)/` of a student's folder, `Last, First(eid)`, goes to the
  student.
"""

from __future__ import annotations

import io
import re
import zipfile

from lms.people import CLASS
from lms.taking_back.refusing import Refused, table

__all__ = ["import_grades", "upload_all"]

LOGINS = {each.login for each in CLASS}


def import_grades(content: bytes) -> dict[str, float]:
    """Read a `grades.csv`; return grades by login.

    Raises:
        Refused: a grade is none.
    """
    try:
        rows = table(content.decode("utf-8-sig"), ",")
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error
    grades = {}
    for row in rows[3:]:
        if len(row) > 4 and row[1] in LOGINS and row[4]:
            if not re.fullmatch(r"\d+(\.\d{1,2})?", row[4]):
                raise Refused(f"{row[4]!r} is no grade")
            grades[row[1]] = float(row[4])
    return grades


def upload_all(archive: bytes) -> tuple[dict[str, float], dict[str, dict[str, bytes]]]:
    """Upload a zip; return grades by login, and files of feedback by login.

    Raises:
        Refused: it is no zip, or has no grades.
    """
    feedback: dict[str, dict[str, bytes]] = {}
    try:
        files = zipfile.ZipFile(io.BytesIO(archive))
    except zipfile.BadZipFile as error:
        raise Refused("no zip") from error
    with files:
        sheets = [name for name in files.namelist() if re.fullmatch(r"[^/]+/grades\.csv", name)]
        if not sheets:
            raise Refused("no grades.csv in the assignment's folder")
        for name in files.namelist():
            match = re.fullmatch(r"[^/]+/.*\(([^()/]+)\)/Feedback Attachment\(s\)/(.+)", name)
            if match and match[1] in LOGINS:
                feedback.setdefault(match[1], {})[match[2]] = files.read(name)
        return import_grades(files.read(sheets[0])), feedback
