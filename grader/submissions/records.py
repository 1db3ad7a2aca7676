"""What a student handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.submissions.choosing import MAX_NAMED, choice
from grader.submissions.given import is_stub

if TYPE_CHECKING:
    from grader.results.students import StudentRecord
    from grader.submissions.choosing import File
    from grader.submissions.disk.files import FoundFile

__all__ = ["HandIn", "Submission"]

KINDS = (".py", ".ipynb")


@dataclass(frozen=True)
class HandIn:
    """What one student handed in for one exercise.

    Attributes:
        files: at most one `.py` and one `.ipynb`, the `.py` first; empty where nothing was handed
            in or nothing could be read.
        notes: which of several files was taken, and which could not be read, as sentences.
        problem: why nothing of what is there can be read (too large, a folder, a link), or empty.
    """

    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    def chosen(self) -> tuple[File | None, tuple[str, ...]]:
        """Choose between a module and a notebook: the one that was worked on counts.

        Returns:
            The file, if there is one, and why it was graded and not the other, as sentences.
        """
        if len(self.files) < 2:
            return (self.files[0] if self.files else None), ()
        worked_on = [file for file in self.files if not is_stub(file.content, file.kind)]
        taken = worked_on[0] if worked_on else self.files[0]
        (other,) = (file for file in self.files if file is not taken)
        if len(worked_on) == 1:
            why = f"{other.name} is as it was given out"
        elif worked_on:
            why = "the .py counts where both were worked on"
        else:
            why = "both are as given out"
        return taken, (f"{taken.name} was graded and {other.name} was not: {why}.",)


@dataclass(frozen=True)
class Submission:
    """One student's submission; its files are read when they are asked for.

    Attributes:
        record: who the student is, and what is known of the hand-in as a whole.
        found: the known files that were found, none of them read.
    """

    record: StudentRecord
    found: tuple[FoundFile, ...] = ()

    @property
    def student(self) -> str:
        """The student's id."""
        return self.record.id

    def read(self, exercise: str) -> HandIn:
        """Read the files of one exercise, once, following no link."""
        choices = [choice(self.found, exercise, kind) for kind in KINDS]
        files = tuple(each.file for each in choices if each.file is not None)
        every = dict.fromkeys(problem for each in choices for problem in each.problems)
        problems = list(every)[:MAX_NAMED]
        if not files:
            return HandIn(problem=" ".join(problems))
        verb = "graded" if len(files) == 1 else "taken"
        told = [sentence for each in choices for sentence in each.told(verb)]
        return HandIn(files=files, notes=(*told, *problems))
