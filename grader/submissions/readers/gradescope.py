"""Gradescope: an export with `submission_metadata.yml` beside a folder for each submission.

Its keys are Ruby's symbols (`:submitters:`, each with `:name:`, `:sid:`, `:email:`), as parsers of
such exports read them; a group's submission has several submitters.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import yaml

from grader.errors import UnreadableFile, UsageError
from grader.results.students import StudentRecord
from grader.submissions.disk.files import whole
from grader.submissions.disk.names import printable
from grader.submissions.pieces import Piece, Reading, piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["read"]

METADATA = "submission_metadata.yml"
MAX_BYTES = 200 * 2**20  # it holds every test's output of every student
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # texts alone: a number may begin with 0
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?")
_UTC = {"Z": "+00:00", "UTC": "+00:00"}


def read(folder: Folder) -> Reading | None:
    """Read it, if it is one.

    Raises:
        UsageError: the file that says whose work it is can't be read.
    """
    metadata = next((file for file in folder.files if file.name == METADATA), None)
    is_flat = not folder.folders or any(folder.known_as(file.name) for file in folder.files)
    if metadata is None or is_flat:
        return None  # in a flat folder, it may be a student's own
    submissions = _loaded(metadata)
    folders = {each.name: each for each in folder.folders}
    if not folders.keys() & submissions:
        return None
    pieces = [
        each
        for name, about in submissions.items()
        for each in _pieces(name, about, folders.get(name) or folder.holding(name=name))
    ]
    others = [each for each in folder.folders if each.name not in submissions]
    return Reading(pieces, folder.holding(folders=others, name=folder.name))


def _loaded(metadata: FoundFile) -> dict[str, Any]:
    try:
        content = yaml.load(whole(metadata, MAX_BYTES), _LOADER)  # noqa: S506 - makes texts only
    except (UnreadableFile, yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(
            f"{METADATA}, which says whose work it is, can't be read: {reason}"
        ) from error
    if not isinstance(content, dict) or not all(isinstance(one, dict) for one in content.values()):
        raise UsageError(f"{METADATA} is not what Gradescope exports: it lists no submissions")
    return content


def _pieces(called: str, about: dict[str, Any], work: Folder) -> Iterator[Piece]:
    """Give a piece for each submitter, all with the same files."""
    submitters = [each for each in about.get(":submitters") or [] if isinstance(each, dict)]
    names = [_text(each, ":name") for each in submitters]
    for each in submitters or [{}]:
        email = _text(each, ":email")
        record = StudentRecord(
            id=_text(each, ":sid") or email or _text(each, ":name") or called,
            name=_text(each, ":name"),
            email=email,
            group=", ".join(names) if len(names) > 1 else "",
            submitted_at=_time(_text(about, ":created_at")),
            handed_in_as=called,
        )
        yield piece(record, work)


def _text(about: dict[str, Any], key: str) -> str:
    value = about.get(key)
    return printable(value).strip() if isinstance(value, str) else ""


def _time(text: str) -> str:
    """Return Ruby's way of writing a time in ISO 8601, or nothing where it is another."""
    match = _TIME.match(text)
    if match is None:
        return ""
    date, time, zone = match.groups()
    try:
        return datetime.fromisoformat(f"{date}T{time}{_UTC.get(zone, zone or '')}").isoformat()
    except ValueError:  # a month 13
        return ""
