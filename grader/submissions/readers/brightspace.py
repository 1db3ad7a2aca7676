"""Brightspace (D2L): a folder for each attempt, `104401-771204 - Jane Smith - Nov 20, 2026 521 PM`.

The first number is the student's, as tools that tidy such downloads read it. An `index.html` beside
the folders lists them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from grader.students import StudentRecord
from grader.submissions.pieces import Reading, piece
from grader.submissions.readers.naming import named, rest_of

if TYPE_CHECKING:
    from grader.submissions.readers.naming import Match
    from grader.submissions.tree import Folder

__all__ = ["read"]

_FOLDER = re.compile(r"(?P<id>\d+)-\d+ - (?P<name>.+) - (?P<time>[^-]*\d{4}[^-]*)")
_CLOCK = re.compile(r"(\d{1,2})[:_.]?(\d\d) ?([AP]M)$", re.IGNORECASE)


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    found = named(folder.folders, _FOLDER.fullmatch)
    if not found:
        return None
    by_student: dict[str, list[Match[Folder]]] = defaultdict(list)
    for each, match in found:
        by_student[match["id"]].append((each, match))
    pieces = []
    for attempts in by_student.values():
        attempts.sort(key=lambda each: _time(each[1]["time"]))
        for number, (each, match) in enumerate(attempts, start=1):
            attempt = number if len(attempts) > 1 else 0
            record = StudentRecord(
                id=match["id"],
                name=match["name"],
                attempt=attempt,
                submitted_at=_time(match["time"]),
                handed_in_as=each.full_name,
            )
            pieces.append(piece(record, each, attempt))
    return Reading(pieces, rest_of(folder, found))


def _time(text: str) -> str:
    """Return a time in ISO 8601, or nothing where it is not written in English."""
    clock = _CLOCK.search(text)
    if clock is None:
        return ""
    day = text[: clock.start()].strip()
    try:
        when = datetime.strptime(  # noqa: DTZ007 - the zone is the site's, and not said
            f"{day} {clock[1]}:{clock[2]} {clock[3]}", "%b %d, %Y %I:%M %p"
        )
    except ValueError:
        return ""
    return when.isoformat()
