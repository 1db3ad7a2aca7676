"""Brightspace (D2L): a folder for each attempt, `104401-771204 - Jane Smith - Nov 20, 2026 521 PM`.

The first number is the student's, as tools that tidy such downloads read it. An `index.html` beside
the folders lists them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.disk.tree import Folder
    from grader.submissions.naming import Match
    from grader.submissions.pieces import Piece

__all__ = ["read"]

_FOLDER = re.compile(r"(?P<id>\d+)-\d+ - (?P<name>.+) - (?P<time>[^-]*\d{4}[^-]*)")
_CLOCK = re.compile(r"(\d{1,2}) ?[:_.h]? ?(\d\d)(?: ?([AP]M))?$", re.IGNORECASE)
DAYS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d %b, %Y", "%d %B, %Y")
NO_ORDER = (
    "The names of the folders do not tell which of {} attempts is the newest; the files that were "
    "changed last were taken."
)


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    found = named(folder.folders, _FOLDER.fullmatch)
    if not found:
        return None
    by_student: dict[str, list[Match[Folder]]] = defaultdict(list)
    for each, match in found:
        by_student[match["id"]].append((each, match))
    pieces = [each for attempts in by_student.values() for each in _pieces(attempts)]
    return Reading(pieces, rest_of(folder, found))


def _pieces(attempts: Sequence[Match[Folder]]) -> Iterator[Piece]:
    """Number the attempts of a student, if there are several and all of their times are known."""
    dated = [(_time(match["time"]), each, match) for each, match in attempts]
    dated.sort(key=lambda each: each[0])
    in_order = len(attempts) > 1 and all(time for time, *_ in dated)
    notes = () if in_order or len(attempts) == 1 else (NO_ORDER.format(len(attempts)),)
    for number, (time, each, match) in enumerate(dated, start=1):
        attempt = number if in_order else 0
        record = StudentRecord(
            id=match["id"],
            name=match["name"],
            attempt=attempt,
            submitted_at=time,
            notes=notes,
            handed_in_as=each.full_name,
        )
        yield piece(record, each, attempt)


def _time(text: str) -> str:
    """Return a time in ISO 8601, or nothing where it is not written in English.

    The zone is the site's, and not said.
    """
    clock = _CLOCK.search(text)
    if clock is None:
        return ""
    day = text[: clock.start()].strip()
    moment = f"{day} {clock[1]}:{clock[2]} {clock[3] or ''}".strip()
    hours = "%I:%M %p" if clock[3] else "%H:%M"
    for form in DAYS:
        with suppress(ValueError):
            return datetime.strptime(moment, f"{form} {hours}").isoformat()  # noqa: DTZ007 - as said
    return ""
