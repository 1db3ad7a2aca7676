"""A download is read by the first reader that knows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as changed

from grader.submissions.layout import levels
from grader.submissions.pieces import Reading
from grader.submissions.readers import (
    blackboard,
    brightspace,
    canvas,
    github,
    gradescope,
    moodle,
    name_dash_file,
    name_in_file,
    nbgrader,
    plain,
    sakai,
    teams,
)
from grader.submissions.tree import is_archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.submissions.tree import Folder

__all__ = ["read_download"]


class Reader(NamedTuple):
    """A kind of download.

    Attributes:
        name: the LMS or program that makes it, as its users write it.
        read: what is in a folder of this kind; nothing where it is of another kind.
    """

    name: str
    read: Callable[[Folder], Reading | None]


NAMED = 5
READERS = (  # the more particular its names are, the earlier it is asked
    Reader("Gradescope", gradescope.read),
    Reader("nbgrader", nbgrader.read),
    Reader("Moodle", moodle.read),
    Reader("Blackboard", blackboard.read),
    Reader("Brightspace", brightspace.read),
    Reader("Sakai", sakai.read),
    Reader("Canvas", canvas.read),
    Reader("GitHub Classroom", github.read),
    Reader("Teams", teams.read),
    Reader("Name - file", name_dash_file.read),
    Reader("Name_file", name_in_file.read),
)


def read_download(top: Folder) -> Reading:
    """Read a download with the first reader that knows it, else as plain folders of students."""
    for folder in levels(top):
        reading = _known(folder)
        if reading is None and any(is_archive(file.name) for file in folder.files):
            reading = _known(plain.with_archives_as_folders(folder))
        if reading:
            return _with_rest(reading)
    return _named(plain.read(top), "folder")


def _known(folder: Folder) -> Reading | None:
    """Ask each reader about a folder."""
    for reader in READERS:
        if reading := reader.read(folder):
            return _named(reading, reader.name)
    return None


def _named(reading: Reading, name: str) -> Reading:
    """Write down in each record by which reader it was found."""
    pieces = [replace(each, record=changed(each.record, reader=name)) for each in reading.pieces]
    return replace(reading, pieces=pieces)


def _with_rest(reading: Reading) -> Reading:
    """Take what no name tells for students' folders, if work is in it."""
    rest = plain.with_archives_as_folders(reading.rest) if reading.rest else None
    if rest is None or not any(map(plain.holds_work, rest.folders)):
        return reading
    others = _named(plain.read_students(rest), "folder")
    names = ", ".join(each.record.id for each in others.pieces[:NAMED])
    note = f"Not named as the rest, and taken for folders of students: {names}."
    return Reading([*reading.pieces, *others.pieces], notes=(*reading.notes, note, *others.notes))
