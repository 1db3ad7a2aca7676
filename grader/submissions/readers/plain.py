"""A folder with one folder or one archive for each student, whoever made it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from grader.courses.known_names import kind_of
from grader.errors import UnreadableFile
from grader.results.students import StudentRecord
from grader.submissions.archives.opening import opened
from grader.submissions.disk.names import ignored
from grader.submissions.disk.tree import Folder, Remark, is_archive, without_ending
from grader.submissions.layout import class_level, doubt_about, doubt_about_one
from grader.submissions.pieces import Piece, Reading, piece
from grader.submissions.told_apart import told_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.submissions.disk.files import FoundFile

__all__ = [
    "holds_work",
    "read",
    "read_students",
    "with_archives_as_folders",
    "without_students",
]

NAMED = 5
MAX_LOOKED_AT = 20_000  # files of a folder, shallow ones first, to tell whether it is a student's
MAX_BYTES = 2**30  # of one student's tar file, unpacked
CLOSED = (".rar", ".7z")  # archives that are not read, and are somebody's work all the same


def read(top: Folder, more_doubt: Callable[[Folder], str]) -> Reading:
    """Read folders and archives as students; known files side by side as those of one.

    Args:
        top: the download.
        more_doubt: why folders may be none of students, for all that lies in them.
    """
    level, note = class_level(top)
    level = with_archives_as_folders(level)
    work = [file for file in level.files if level.known_as(file.name)]
    if work and not any(map(holds_work, level.folders)):
        only = piece(StudentRecord(id=top.name or "submission"), level)
        return Reading([only], notes=(note,) if note else (), doubt=doubt_about_one(level))
    doubt = more_doubt(level)
    reading = read_students(level)
    notes = (*([note] if note else []), *reading.notes)
    return replace(reading, notes=notes, doubt=doubt or doubt_about(level))


def read_students(level: Folder) -> Reading:
    """Read each folder in a folder as a student."""
    return Reading(list(_pieces(level.folders)), notes=tuple(left_in(level)))


def with_archives_as_folders(level: Folder) -> Folder:
    """Return a folder in which each archive is one, if no folder of its name lies beside it.

    An empty folder gives way to the archive; of others a remark says which archive was not opened.
    """
    taken = {each.name for each in level.folders if not _is_empty(each)}
    archives = [each for each in level.files if is_archive(each.name) and not ignored(_stem(each))]
    unpacked = [_unpacked(each, level) for each in archives if _stem(each) not in taken]
    closed = [each for each in level.files if each.name.lower().endswith(CLOSED)]
    if level.folders or unpacked:  # a class, in which somebody packed it otherwise
        unpacked += [level.holding([each], name=each.name.rpartition(".")[0]) for each in closed]
    packed = {each.name for each in unpacked}
    kept = [each for each in level.folders if each.name in taken or each.name not in packed]
    left = [each.name for each in archives if _stem(each) in taken]
    return replace(
        level,
        folders=sorted([*kept, *unpacked], key=lambda each: each.name),
        files=[each for each in level.files if not is_archive(each.name) and each not in closed],
        remarks=[*level.remarks, *([Remark("", partial(_were_left, left))] if left else [])],
    )


def _unpacked(archive: FoundFile, level: Folder) -> Folder:
    """Return an archive as a folder; a damaged one as a folder that holds it and says so."""
    try:
        return opened(archive, level.course, MAX_BYTES)
    except UnreadableFile:
        return level.holding([archive], name=_stem(archive))


def _stem(archive: FoundFile) -> str:
    return without_ending(archive.name)[0]


def _pieces(students: Sequence[Folder]) -> Iterator[Piece]:
    for student, (name, note) in zip(students, told_apart(students), strict=True):
        yield piece(StudentRecord(id=name, notes=(note,) if note else ()), student)


def holds_work(folder: Folder) -> bool:
    """Tell whether a file with a known name lies in a folder, at any depth."""
    files = islice(folder.all_files(), MAX_LOOKED_AT)
    return any(folder.known_as(file.name.rpartition("/")[2]) for file in files)


def left_in(level: Folder) -> Iterator[str]:
    """Say what there is to know of the level itself, and which files in it belong to nobody."""
    alone = replace(level, folders=[], files=[])
    yield from alone.all_notes()
    lost = [each.name for each in level.files if _may_be_work(each.name)]
    if lost:
        yield f"Nothing says whose these are, and so they were not graded: {_some(lost)}."


def without_students(level: Folder) -> Iterator[str]:
    """Say what is left in a level whose folders are no students, since no work is in them."""
    yield from left_in(level)
    names = [each.full_name for each in level.folders if not _is_empty(each)]
    if names:
        yield f"No work was found in these folders, so they belong to no student: {_some(names)}."


def _is_empty(folder: Folder) -> bool:
    return not folder.is_link and next(folder.all_files(), None) is None


def _were_left(archives: Sequence[str], name: str) -> str:
    del name  # the class's own
    return (
        "A folder of the same name lies beside each of these, and was read in its place: "
        f"{_some(archives)}."
    )


def _may_be_work(name: str) -> bool:
    return bool(kind_of(name)) or is_archive(name) or name.lower().endswith(CLOSED)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
