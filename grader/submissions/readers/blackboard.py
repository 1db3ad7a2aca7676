"""Blackboard: a flat folder, `Title_username_attempt_2026-11-20-17-21-00_ex01.py`, and receipts.

A receipt, the same without a file's name and with `.txt`, begins with `Name: Jane Smith (jsmith)`,
as tools that clean such folders up read it. Both title and username may have underscores in them;
the receipt tells them apart, and what all names begin with where there is none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.results.students import StudentRecord
from grader.submissions.disk.names import printable
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder
    from grader.submissions.naming import Match

__all__ = ["read"]

_FILE = re.compile(
    r"(?P<who>.+?)_attempt_(?P<day>\d{4}-\d\d-\d\d)-(?P<h>\d\d)-(?P<m>\d\d)-(?P<s>\d\d)"
    r"(?:_(?P<file>.+)|\.txt)"
)
_NAME = re.compile(r"Name: (?P<name>.*) \((?P<login>[^()]*)\)")
RECEIPT_BYTES = 2_000  # the name stands in its first line
NO_TEXT = "There is no student submission text data"


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    found = named(folder.files, _FILE.fullmatch)
    if not found:
        return None
    people = dict(_people(found))
    attempts: dict[str, dict[str, list[Match[FoundFile]]]] = defaultdict(lambda: defaultdict(list))
    for file, match in found:
        attempts[match["who"]][_time(match)].append((file, match))
    pieces = [
        _piece(people[who], time, number if len(times) > 1 else 0, times[time], folder)
        for who, times in attempts.items()
        for number, time in enumerate(sorted(times), start=1)
    ]
    return Reading(pieces, rest_of(folder, found))


def _people(found: Sequence[Match[FoundFile]]) -> Iterator[tuple[str, StudentRecord]]:
    """Say of each beginning of a name who that is."""
    starts = {match["who"] for _, match in found}
    title = _common_start(min(starts), max(starts)).rpartition("_")[0]
    for who in starts:
        rest = who.removeprefix(f"{title}_") if title else who.rpartition("_")[2]
        yield who, StudentRecord(id=rest, login=rest)
    for file, match in found:
        if match["file"] is None and (about := _NAME.match(_beginning(file))):
            login, name = printable(about["login"]), printable(about["name"])
            if match["who"].endswith(f"_{login}"):
                yield match["who"], StudentRecord(id=login, login=login, name=name)


def _common_start(first: str, last: str) -> str:
    """Return what two texts begin with; nothing of a single one, which may end anywhere."""
    if first == last:
        return ""
    same = 0
    while first[same : same + 1] == last[same : same + 1] != "":
        same += 1
    return first[:same]


def _piece(
    who: StudentRecord, time: str, attempt: int, files: Sequence[Match[FoundFile]], folder: Folder
) -> Piece:
    uploads = [replace(file, name=match["file"]) for file, match in files if match["file"]]
    receipts = [file for file, match in files if not match["file"]]
    texts = [replace(each, name="text entry.txt") for each in receipts if _has_text(each)]
    record = StudentRecord(
        id=who.id,
        login=who.login,
        name=who.name,
        attempt=attempt,
        submitted_at=time,
        handed_in_as=files[0][0].name,
    )
    return piece(record, folder.holding([*uploads, *texts]), attempt)


def _has_text(receipt: FoundFile) -> bool:
    """Tell whether a student wrote something into the text box."""
    _, field, after = _beginning(receipt).partition("Submission Field:")
    return bool(field) and not after.lstrip().startswith(NO_TEXT)


def _beginning(receipt: FoundFile) -> str:
    try:
        return receipt.read(RECEIPT_BYTES).decode("utf-8-sig", "replace")
    except UnreadableFile:
        return ""


def _time(match: re.Match[str]) -> str:
    return f"{match['day']}T{match['h']}:{match['m']}:{match['s']}"
