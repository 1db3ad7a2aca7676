"""The pieces that were found are put together, one submission for each student."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.submissions.records import Submission
from grader.submissions.unclaimed import closed_archives, unclaimed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.courses import Course
    from grader.results.students import StudentRecord
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.pieces import Piece

__all__ = ["put_together"]

MAX_NOTES = 10


def put_together(pieces: Iterable[Piece], course: Course) -> list[Submission]:
    """Return a submission for each student, in order of id.

    Of several attempts the newest says when it was handed in, and whether late.
    """
    by_student: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_student[piece.record.id].append(piece)
    return [_submission(by_student[student], course) for student in sorted(by_student)]


def _submission(pieces: Sequence[Piece], course: Course) -> Submission:
    """Put the pieces of one student together."""
    newest = max(pieces, key=lambda each: (each.record.attempt, each.record.submitted_at))
    found = tuple(file for each in pieces for file in _files(each, pieces))
    sentences = [note for each in pieces for note in (*each.record.notes, *each.notes)]
    notes = tuple(dict.fromkeys([*sentences, *closed_archives(found)]))[:MAX_NOTES]
    record = _completed(newest.record, pieces)
    record = changed(record, notes=notes, unclaimed=unclaimed(found, course))
    return Submission(record, found)


def _completed(record: StudentRecord, pieces: Sequence[Piece]) -> StudentRecord:
    """Fill in what other pieces know of the student."""
    missing = {
        field: value
        for each in pieces
        for field in ("name", "email", "login", "section", "group", "handed_in_as")
        if not getattr(record, field) and (value := getattr(each.record, field))
    }
    return changed(record, **missing)


def _files(piece: Piece, pieces: Sequence[Piece]) -> tuple[FoundFile, ...]:
    """Return a piece's files, named by their attempt where there are several."""
    attempts = {each.record.attempt for each in pieces}
    if len(attempts) == 1:
        return piece.files
    prefix = f"attempt {piece.record.attempt}/"
    return tuple(replace(file, name=prefix + file.name) for file in piece.files)
