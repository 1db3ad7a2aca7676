"""A folder with one folder or one archive for each student, whoever made it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.known_names import known_as
from grader.students import StudentRecord
from grader.submissions.layout import class_level, doubt_about
from grader.submissions.opening import opened
from grader.submissions.pieces import Piece, Reading, piece
from grader.submissions.told_apart import told_apart
from grader.submissions.tree import Folder, is_archive, without_ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.submissions.files import FoundFile

__all__ = ["holds_work", "read", "read_students", "with_archives_as_folders"]

NAMED = 5
CLOSED = (".rar", ".7z")  # archives that are not read, and are somebody's work all the same


def read(top: Folder, more_doubt: Callable[[Folder], str]) -> Reading:
    """Read folders and archives as students; known files side by side as those of one.

    Args:
        top: the download.
        more_doubt: why folders may be none of students, for all that lies in them.
    """
    level, note = class_level(top)
    level = with_archives_as_folders(level)
    work = [file for file in level.files if known_as(file.name)]
    if work and not any(map(holds_work, level.folders)):
        return Reading([piece(StudentRecord(id=top.name or "submission"), level)])
    doubt = more_doubt(level)
    reading = read_students(level)
    notes = (*([note] if note else []), *reading.notes)
    return replace(reading, notes=notes, doubt=doubt or doubt_about(level))


def read_students(level: Folder) -> Reading:
    """Read each folder in a folder as a student."""
    return Reading(list(_pieces(level.folders)), notes=(*_own_notes(level), *_beside(level)))


def with_archives_as_folders(level: Folder) -> Folder:
    """Return a folder in which each archive is one, if no folder of its name lies beside it."""
    taken = {"__MACOSX", *(folder.name for folder in level.folders)}
    archives = [each for each in level.files if is_archive(each.name)]
    unpacked = [_unpacked(each) for each in archives if without_ending(each.name)[0] not in taken]
    closed = [each for each in level.files if each.name.lower().endswith(CLOSED)]
    if level.folders or unpacked:  # a class, in which somebody packed it otherwise
        unpacked += [Folder(each.name.rpartition(".")[0], files=[each]) for each in closed]
    folders = sorted([*level.folders, *unpacked], key=lambda each: each.name)
    files = [each for each in level.files if each not in [*archives, *closed]]
    return replace(level, folders=folders, files=files)


def _unpacked(archive: FoundFile) -> Folder:
    """Return an archive as a folder; a damaged one as a folder that holds it and says so."""
    try:
        return opened(archive)
    except UnreadableFile:
        return Folder(without_ending(archive.name)[0], files=[archive])


def _pieces(students: Sequence[Folder]) -> Iterator[Piece]:
    for student, (name, note) in zip(students, told_apart(students), strict=True):
        yield piece(StudentRecord(id=name, notes=(note,) if note else ()), student)


def holds_work(folder: Folder) -> bool:
    """Tell whether a file with a known name lies in a folder, at any depth."""
    return any(known_as(file.name.rpartition("/")[2]) for file in folder.all_files())


def _own_notes(level: Folder) -> Iterator[str]:
    """Give what is to be said about the level itself, and about no student."""
    alone = Folder(level.name, level.ending, remarks=level.remarks)
    yield from alone.all_notes()


def _beside(level: Folder) -> Iterator[str]:
    """Say which files belong to nobody."""
    beside = [each.name for each in level.files if known_as(each.name)]
    if beside:
        more = f" and {len(beside) - NAMED} more" if len(beside) > NAMED else ""
        yield (f"Not in a student's folder, and so not graded: {', '.join(beside[:NAMED])}{more}.")
