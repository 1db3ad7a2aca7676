"""A download is read by the first reader that knows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as changed

from grader.submissions.disk.tree import is_archive
from grader.submissions.layout import levels
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.submissions.disk.tree import Folder
    from grader.submissions.pieces import Reading

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
BY_A_NAME = frozenset({"Name - file", "Name_file"})  # students name files so, too
MANY = 10  # names that one student does not put before files
ASKED = 20  # folders; a class has more students than an instructor has downloads in one place


def read_download(top: Folder) -> Reading:
    """Read a download with the first reader that knows it, else as plain folders of students."""
    for folder in levels(top):
        reading = _known(folder)
        if reading is None and any(is_archive(file.name) for file in folder.files):
            reading = _known(plain.with_archives_as_folders(folder))
        if reading:
            return _with_rest(reading)
    return _named(plain.read(top, _downloads_beside), "folder")


def _downloads_beside(level: Folder) -> str:
    """Return why folders are downloads and no students, as a zip and what it was unpacked to are.

    At least half of them have to be.
    """
    found = [told for folder in level.folders[:ASKED] if (told := _as_download(folder))]
    if not found or 2 * len(found) < len(level.folders):
        return ""
    return f"these are downloads, and no students: {', '.join(found[:NAMED])}; pass one of them"


def _as_download(folder: Folder) -> str:
    """Say of which LMS a folder is a download, and of how many students; nothing of another.

    Gradescope's reader, the first, is not asked: it parses a file that may be a student's own.
    """
    for inner in levels(folder):
        reading = _known(inner, READERS[1:])
        if reading and reading.pieces:
            reader = reading.pieces[0].record.reader
            students = {each.record.id for each in reading.pieces}
            fewest = MANY if reader in BY_A_NAME else 2
            what = f"{folder.full_name} ({reader}, {len(students)} students)"
            return what if len(students) >= fewest else ""
    return ""


def _known(folder: Folder, readers: Sequence[Reader] = READERS) -> Reading | None:
    """Ask each reader about a folder."""
    for reader in readers:
        if reading := reader.read(folder):
            return _named(reading, reader.name)
    return None


def _named(reading: Reading, name: str) -> Reading:
    """Write down in each record by which reader it was found."""
    pieces = [replace(each, record=changed(each.record, reader=name)) for each in reading.pieces]
    return replace(reading, pieces=pieces)


def _with_rest(reading: Reading) -> Reading:
    """Take what no name tells for students' folders, if work is in it, and name what is left."""
    if reading.rest is None:
        return reading
    rest = plain.with_archives_as_folders(reading.rest)
    if not any(map(plain.holds_work, rest.folders)):
        return replace(reading, notes=(*reading.notes, *plain.without_students(rest)))
    others = _named(plain.read_students(rest), "folder")
    names = ", ".join(each.record.id for each in others.pieces[:NAMED])
    note = f"Not named like the rest, and taken for folders of students: {names}."
    notes = (*reading.notes, note, *others.notes)
    return replace(reading, pieces=[*reading.pieces, *others.pieces], notes=notes)
