"""What one student handed in for one exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.submissions.choosing import File

__all__ = ["HandIn"]


@dataclass(frozen=True)
class HandIn:
    """What one student handed in for one exercise.

    Attributes:
        files: at most one `.py` and one `.ipynb`, the `.py` first; empty where nothing was handed
            in or nothing could be read.
        notes: which of several files was taken, and which could not be read, as sentences.
        problem: why nothing of what is there can be read (too large, a folder, a link), or empty.
        untouched: which of two files are as they were given out.
        lacking: which of the files of an exercise that has several were not handed in.
        used: the student's modules for earlier exercises that this one builds on, named as they
            are imported.
    """

    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    untouched: tuple[File, ...] = ()
    lacking: tuple[str, ...] = ()
    used: tuple[File, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether nothing was handed in, not even what can't be read."""
        return not self.files and not self.problem

    def chosen(self) -> tuple[File | None, tuple[str, ...]]:
        """Choose between a module and a notebook: the one that was worked on counts.

        Returns:
            The file, if there is one, and why it was graded and not the other, as sentences.
        """
        if len(self.files) < 2:
            return (self.files[0] if self.files else None), ()
        worked_on = [file for file in self.files if file not in self.untouched]
        taken = worked_on[0] if worked_on else self.files[0]
        (other,) = (file for file in self.files if file is not taken)
        if len(worked_on) == 1:
            why = f"{other.name} is as it was given out"
        elif worked_on:
            why = "the .py counts where both were worked on"
        else:
            why = "both are as given out"
        return taken, (f"{taken.name} was graded and {other.name} was not: {why}.",)
