"""GitHub Classroom: `SLUG-submissions/SLUG-username`, as `gh classroom clone` clones them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.results.students import StudentRecord
from grader.submissions.naming import named, rest_of
from grader.submissions.pieces import Reading, piece

if TYPE_CHECKING:
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

AROUND = "-submissions"


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one."""
    if not folder.name.endswith(AROUND):
        return None
    slug = re.escape(folder.name.removesuffix(AROUND))
    found = named(folder.folders, re.compile(rf"{slug}-(?P<login>.+)", re.IGNORECASE).fullmatch)
    if not found:
        return None
    pieces = [
        piece(
            StudentRecord(id=match["login"], login=match["login"], handed_in_as=each.full_name),
            each,
        )
        for each, match in found
    ]
    return Reading(pieces, rest_of(folder, found))
