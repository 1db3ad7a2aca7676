"""Canvas: a flat folder, `smithjane_LATE_4400_77123_ex01.py`, one file an attachment.

As `lib/content_zipper.rb` of Canvas writes it: the sortable name without all that is no letter or
digit, `LATE` (older: `late`), the user's number, the attachment's number, the file's name. Text
entries are `…_4400_text.html`; with anonymous grading `anon_` and five characters stand in the
place of name and number. A group's work stands under the group's name and the number of one of its
members; nothing tells the others.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.students import StudentRecord
from grader.submissions.pieces import Piece, Reading, piece, single_files
from grader.submissions.readers.naming import named, rest_of

if TYPE_CHECKING:
    from grader.submissions.files import FoundFile
    from grader.submissions.tree import Folder

__all__ = ["read"]

_FILE = re.compile(
    r"(?P<name>.*?)(?:_(?P<late>LATE|late))?_(?P<id>\d+)_(?:\d+_(?P<file>.+)|(?P<text>text|link)\.html)"
    r"|(?:(?P<anonymous_late>LATE|late)_)?anon_(?P<anonymous>[^_]+)_"
    r"(?:\d+_(?P<anonymous_file>.+)|(?P<anonymous_text>text|link)\.html)"
)


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    found = named(folder.files, _FILE.fullmatch)
    if not found or folder.folders:
        return None
    return Reading([_piece(*each) for each in found], rest_of(folder, found))


def _piece(file: FoundFile, match: re.Match[str]) -> Piece:
    is_late = bool(match["late"] or match["anonymous_late"])
    anonymous, name = match["anonymous"], match["name"]
    record = StudentRecord(
        id=anonymous or match["id"], name=name or "", late=is_late, handed_in_as=file.name
    )
    own = match["file"] or match["anonymous_file"]
    text = match["text"] or match["anonymous_text"]
    return piece(record, single_files([replace(file, name=own or f"{text} entry.html")]))
