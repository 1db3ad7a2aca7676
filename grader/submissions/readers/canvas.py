"""Canvas: a flat folder, `smithjane_LATE_4400_77123_ex01.py`, one file an attachment.

As `lib/content_zipper.rb` of Canvas writes it: the sortable name without all that is no letter or
digit, `LATE` (older: `late`), the user's number, the attachment's number, the file's name. Text
entries are `…_4400_text.html`; with anonymous grading `anon_` and five characters stand in the
place of name and number. A group's work stands under the group's name and the number of one of its
members; nothing tells the others. A group may be called `Team_7`, whose number is no user's: it
shows where several files seem to be one attachment.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

_REST = (
    r"(?:_(?P<late>LATE|late))?_(?P<id>\d+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<text>text|link)\.html)"
    r"|(?:(?P<anonymous_late>LATE|late)_)?anon_(?P<anonymous>[^_]+)_"
    r"(?:\d+_(?P<anonymous_file>.+)|(?P<anonymous_text>text|link)\.html)"
)
_FILE = re.compile(rf"(?P<name>.*?){_REST}")
_NUMBERED_GROUP = re.compile(rf"(?P<name>.*?_\d+){_REST}")


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    found = named(folder.files, _FILE.fullmatch)
    if len(found) <= len(folder.folders):
        return None
    groups = _numbered_groups([match for _, match in found])
    pieces = []
    for file, match in found:
        of_group = _NUMBERED_GROUP.fullmatch(file.name) if match["name"] in groups else None
        pieces.append(_piece(file, of_group or match, folder))
    return Reading(pieces, rest_of(folder, found))


def _numbered_groups(matches: Sequence[re.Match[str]]) -> set[str]:
    """Return the names that a number belongs to.

    Else they share an attachment among files, or a user's number with another name: a person may be
    called by somebody's number, too.
    """
    attachments = Counter(match["attachment"] for match in matches if match["attachment"])
    users = Counter(user for user, _ in {(match["id"], match["name"]) for match in matches})
    return {
        match["name"]
        for match in matches
        if attachments[match["attachment"]] > 1
        or (users[match["id"]] > 1 and match["id"] and _NUMBERED_GROUP.fullmatch(match.string))
    }


def _piece(file: FoundFile, match: re.Match[str], folder: Folder) -> Piece:
    is_late = bool(match["late"] or match["anonymous_late"])
    anonymous, name = match["anonymous"], match["name"]
    record = StudentRecord(
        id=anonymous or match["id"], name=name or "", late=is_late, handed_in_as=file.name
    )
    own = match["file"] or match["anonymous_file"]
    text = match["text"] or match["anonymous_text"]
    return piece(record, folder.holding([replace(file, name=own or f"{text} entry.html")]))
