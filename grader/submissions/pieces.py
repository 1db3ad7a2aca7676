"""What a reader finds in a download: whose work it is, and its files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from grader.courses.known_names import kind_of, known_as
from grader.submissions.archives.opening import open_archives
from grader.submissions.disk.files import RefusedFile, is_a_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.courses import Course
    from grader.results.students import StudentRecord
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["Piece", "Reading", "piece"]

MAX_NOTES = 10
MAX_KNOWN = 1_000  # files of one student with a known name
MAX_OTHERS = 1_000  # files of one student that no exercise is known by
MAX_NAMES = 20_000  # `.py` and `.ipynb` of one student whose names are looked at


@dataclass(frozen=True)
class Piece:
    """One thing that one student handed in; a student may have several.

    What a group handed in is a piece for each of its members.

    Attributes:
        record: the student, with what the download tells about this piece.
        files: named by their paths in it; each with its attempt, where attempts are told apart.
    """

    record: StudentRecord
    files: tuple[FoundFile, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a reader made of a download.

    Attributes:
        rest: what is not named as this kind of download names things; it may be work all the same.
        notes: what an instructor should know, as sentences.
        doubt: why the students may be none, and what to pass then; empty where there is no doubt.
    """

    pieces: Sequence[Piece]
    rest: Folder | None = None
    notes: tuple[str, ...] = ()
    doubt: str = ""


def piece(record: StudentRecord, folder: Folder, attempt: int = 0) -> Piece:
    """Return what lies in a folder as a piece of a student's work; archives in it are opened.

    Args:
        record: the student, and what the download tells of this piece.
        folder: what lies in it is changed.
        attempt: the number that the LMS gave this attempt, or 0.
    """
    if folder.is_link:
        why = partial(_is_a_linked_folder, folder.full_name)
        refused = [RefusedFile(f"{each.name}.py", why=why) for each in folder.course.exercises]
        return Piece(record, tuple(refused), (is_a_link(folder.full_name),))
    kept, left = _looked_at(open_archives(folder).all_files(), folder.course)
    notes = list(islice(dict.fromkeys(folder.all_notes()), MAX_NOTES))
    if left:
        notes.append(left)
    if attempt:
        kept = [replace(file, attempt=attempt) for file in kept]
    return Piece(record, tuple(kept), tuple(notes))


def _looked_at(files: Iterable[FoundFile], course: Course) -> tuple[list[FoundFile], str]:
    """Return what may count or is to be listed, and what was left out if that may be work."""
    known: list[FoundFile] = []
    others: list[FoundFile] = []
    names = 0
    for file in files:
        own = file.name.rpartition("/")[2]
        names += bool(kind_of(own))
        if names > MAX_NAMES:
            return [*known, *others], f"Only the first {MAX_NAMES:,} files were looked at."
        if not known_as(own, course):
            others += [file] if len(others) < MAX_OTHERS else []
        elif len(known) < MAX_KNOWN:
            known.append(file)
        else:
            why = f"Only the first {MAX_KNOWN:,} files for exercises were looked at."
            return [*known, *others], why
    return [*known, *others], ""


def _is_a_linked_folder(folder: str, name: str) -> str:
    del name  # nothing of it was looked at
    return is_a_link(folder)
