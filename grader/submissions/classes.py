"""Find the submissions of a class, in whatever a platform or a colleague gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile, UsageError
from grader.submissions.archives.opening import opened
from grader.submissions.disk.files import DiskFile
from grader.submissions.disk.names import printable
from grader.submissions.disk.walking import folder_on_disk
from grader.submissions.downloads import read_download
from grader.submissions.people import put_together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.courses import Course
    from grader.submissions.disk.tree import Folder
    from grader.submissions.records import Submission

__all__ = ["ClassWork", "find_class"]

OTHER_ARCHIVES = (".zst", ".7z", ".rar")
NAMED = 3  # files
NOTED = 20  # sentences about a class that a page can show


@dataclass(frozen=True)
class ClassWork:
    """What a class handed in.

    Attributes:
        submissions: ordered by student.
        notes: what to know about the rest of the folder or zip, as sentences.
        doubt: why these may not be the students, and what to pass then; or empty.
    """

    submissions: list[Submission]
    notes: tuple[str, ...] = ()
    doubt: str = ""


def find_class(path: Path, course: Course, output: Path | None = None) -> ClassWork:
    """Find the submissions in a folder or a zip file; what holds reports of the grader is none.

    Nothing of a student's file is read yet, except the directory of a zip.

    Args:
        path: the folder or zip.
        course: whose exercises are looked for.
        output: where reports will be written; no student, also before there is anything in it.

    Raises:
        UsageError: there is no such path, or nothing in it to grade.
    """
    top = _opened(path, course, output.resolve() if output else None)
    if top.has_store:
        raise UsageError(f"{path} holds reports of the grader: pass a folder with hand-ins alone")
    if top.is_cut_off:
        raise UsageError(f"{path} has too many entries for one archive: unpack it, and pass that")
    reading = read_download(top)
    if not reading.pieces:
        raise UsageError(_nothing_in(path, top, reading.notes))
    return ClassWork(put_together(reading.pieces, course), _some(reading.notes), reading.doubt)


def _opened(path: Path, course: Course, output: Path | None) -> Folder:
    """Return what lies in a folder or an archive."""
    expected = _one_folder_each(course)
    try:
        place = path.resolve(strict=True)
        size = place.stat().st_size
    except (OSError, RuntimeError) as error:
        raise UsageError(_unusable(path, error)) from error
    if place.is_dir():
        return folder_on_disk(str(place), course, output)
    if not place.is_file():
        raise UsageError(f"{path} is neither a folder nor an archive; pass {expected}")
    try:
        return opened(
            DiskFile(printable(place.name), size=size, root=str(place.parent), parts=(place.name,)),
            course,
        )
    except UnreadableFile as error:
        raise UsageError(_no_archive(path, error, expected)) from error


def _one_folder_each(course: Course) -> str:
    names = course.exercises[0].file_names[:2]
    return f"one folder per student, each with files such as {' or '.join(names)}"


def _nothing_in(path: Path, top: Folder, notes: Sequence[str]) -> str:
    """Say that there is nothing to grade, what there is, and what may be the reason."""
    seen = [file.name for file in top.all_files()][:NAMED]
    has = f"it holds {', '.join(seen)}" if seen else "it is empty"
    why = f" ({' '.join(_some(notes))})" if notes else ""
    expected = _one_folder_each(top.course)
    return f"nothing to grade in {path}: no student folder; {has}{why}; expected {expected}"


def _no_archive(path: Path, error: UnreadableFile, expected: str) -> str:
    """Say what a file is that is no zip, as far as its name tells, and what to pass instead."""
    suffix = path.suffix.lower()
    if suffix in {".py", ".ipynb"}:
        kind = "notebook" if suffix == ".ipynb" else "Python file"
        return f"{path} is a single {kind}: pass the folder with {expected}"
    if suffix in OTHER_ARCHIVES:
        return (
            f"{path} is an archive of a kind that is not read: unpack it, and pass the folder with "
            f"{expected}"
        )
    if not suffix.endswith((".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz")):
        return f"{path} is no folder and no archive; pass one with {expected}"
    return f"{error} Pass a folder, a zip or a tar file with {expected}"


def _some(notes: Sequence[str]) -> tuple[str, ...]:
    """Return as many sentences as a page can show."""
    more = len(notes) - NOTED
    return (*notes[:NOTED], *([f"{more} more remarks are left out."] if more > 0 else []))


def _unusable(path: Path, error: Exception) -> str:
    """Say why a path can't be used."""
    if isinstance(error, FileNotFoundError):
        return f"there is no {path}; pass a folder or a zip file with one folder per student"
    reason = error.strerror if isinstance(error, OSError) else error
    return f"{path} can't be read: {reason}; pass a folder or a zip file that you may read"
