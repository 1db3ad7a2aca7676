"""What a student handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.submissions.choosing import MAX_NAMED, File, choice
from grader.submissions.given import is_stub
from grader.submissions.hand_in import HandIn
from grader.submissions.several import changed_given, read_several

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.results.students import StudentRecord
    from grader.submissions.disk.files import FoundFile

__all__ = ["Submission"]

KINDS = (".py", ".ipynb")


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

    def hand_in(self, exercise: Exercise, course: Course) -> HandIn:
        """Read what there is for an exercise, with what it builds on, once, following no link."""
        own = self._alone(exercise, course)
        notes = [*own.notes, *changed_given(self.found, exercise)]
        used: list[File] = []
        for earlier in exercise.all_used:
            file, _ = self._alone(earlier, course).chosen()
            if file is None:
                notes.append(f"{exercise.name} builds on {earlier.name}, which is not there.")
            elif file.parts:
                used += file.parts
            else:
                used.append(replace(file, name=f"{earlier.name}{file.kind}"))
        return replace(own, notes=tuple(notes), used=tuple(used))

    def _alone(self, exercise: Exercise, course: Course) -> HandIn:
        if exercise.files:
            return read_several(self.found, exercise, course)
        return self.read(exercise.name, course)

    def read(self, exercise: str, course: Course) -> HandIn:
        """Read the files of one exercise, once, following no link."""
        choices = [choice(self.found, exercise, kind, course) for kind in KINDS]
        files = tuple(each.file for each in choices if each.file is not None)
        every = dict.fromkeys(problem for each in choices for problem in each.problems)
        problems = list(every)[:MAX_NAMED]
        if not files:
            return HandIn(problem=" ".join(problems))
        verb = "graded" if len(files) == 1 else "taken"
        told = [sentence for each in choices for sentence in each.told(verb)]
        stubs = [each for each in files if is_stub(each.content, each.kind, course)]
        untouched = tuple(stubs) if len(files) > 1 else ()
        return HandIn(files=files, notes=(*told, *problems), untouched=untouched)
