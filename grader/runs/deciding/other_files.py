"""A hand-in that is taken from another file, as somebody has decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.courses.known_names import known_as
from grader.errors import UnreadableFile, UsageError
from grader.submissions import Submission
from grader.submissions.archives.opening import opened
from grader.submissions.disk.files import DiskFile
from grader.submissions.disk.names import printable
from grader.submissions.disk.tree import Folder, is_archive
from grader.submissions.disk.walking import folder_on_disk
from grader.submissions.pieces import piece
from grader.submissions.unclaimed import unclaimed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.runs.deciding.entries import Entry
    from grader.runs.deciding.whose import Shared
    from grader.submissions.disk.files import FoundFile

__all__ = ["with_other_files"]


def with_other_files(
    submissions: Sequence[Submission], shared: Shared, beside: Path, course: Course
) -> list[Submission]:
    """Return a class's submissions with the files that decisions name.

    Args:
        submissions: as they were found.
        shared: the decisions.
        beside: the folder from which their paths are named.
        course: whose exercises are looked for.

    Raises:
        UsageError: such a file is not there, can't be read, or holds nothing for an exercise.
    """
    found = []
    for submission in submissions:
        for entry in shared.own.get(submission.student, ()):
            if entry.hand_in:
                submission = _taken_over(submission, entry, beside, course)  # noqa: PLW2901
        found.append(submission)
    return found


def _taken_over(submission: Submission, entry: Entry, beside: Path, course: Course) -> Submission:
    place = beside / entry.hand_in
    exercise = course.known(entry.exercise)
    theirs = piece(submission.record, _opened(place, exercise, course))
    known = [each for each in theirs.files if _stands_for(each, exercise, course)]
    if not known:
        what = exercise.name if exercise else "any exercise"
        raise UsageError(
            f"{place}, from which the hand-in of {submission.record.told_apart} is taken by "
            f"decision, holds no file for {what}"
        )
    kept = [each for each in submission.found if not _stands_for(each, exercise, course)]
    files = (*kept, *known) if exercise else theirs.files
    record = changed(submission.record, unclaimed=unclaimed(files, course))
    return Submission(record, files)


def _stands_for(file: FoundFile, exercise: Exercise | None, course: Course) -> bool:
    known = known_as(file.name.rpartition("/")[2], course)
    return known is not None and (exercise is None or known.exercise == exercise.name)


def _opened(place: Path, exercise: Exercise | None, course: Course) -> Folder:
    """Return what lies in a folder or an archive; a single file stands for its exercise."""
    try:
        real = place.resolve(strict=True)
        size = real.stat().st_size
    except (OSError, RuntimeError) as error:
        raise UsageError(f"a decision takes a hand-in from {place}, which can't be read") from error
    if real.is_dir():
        return folder_on_disk(str(real), course)
    name = printable(real.name)
    file = DiskFile(name, size=size, root=str(real.parent), parts=(real.name,))
    if is_archive(name):
        try:
            return opened(file, course)
        except UnreadableFile as error:
            raise UsageError(f"a decision takes a hand-in from {place}: {error}") from error
    if exercise and not _stands_for(file, exercise, course):
        file = replace(file, name=_right_name(name, exercise))
    return Folder("", course, files=[file])


def _right_name(name: str, exercise: Exercise) -> str:
    """Return the exercise's own name for a file of its kind, whatever the file is called."""
    ending = name[name.rfind(".") :]
    return next((each for each in exercise.file_names if each.endswith(ending)), name)
