"""What a student is told first, where a score may be no mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.exports.results import Standing

if TYPE_CHECKING:
    from grader.bundles.platform import Graded

__all__ = ["standing_in_words"]

SENTENCES = {
    Standing.FINAL: "",
    Standing.NOTHING: "No file for these exercises was found. Expected: {files}.",
    Standing.UNRECOGNISED: "No file for these exercises was found. Expected: {files}.",
    Standing.FAULT: "The grader failed on a part of this work, so the score is not final: tell "
    "your instructor.",
    Standing.WAITING: "Your instructor is still to grade a part of this work.",
}
NAMED = 12  # files


def standing_in_words(graded: Graded) -> str:
    """Return a sentence on what the score stands for; nothing where it is just the score."""
    exercises = [graded.course.exercise_named(e.exercise) for e in graded.student.exercises]
    names = [" or ".join(each.file_names) for each in exercises if not each.files]
    names += [name for each in exercises if each.files for name in each.file_names]
    return SENTENCES.get(graded.student.standing, "").format(files=", ".join(names[:NAMED]))
