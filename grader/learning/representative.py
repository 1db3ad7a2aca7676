"""Of the students who gave an answer, the one whose code differs least from the solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.declared.strict import read_text
from grader.learning.confirming import gives
from grader.learning.handed_in import codes_of
from grader.learning.stripping import strip_each

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.learning.stripping import Stripped
    from grader.results.unnamed import SharedAnswer

__all__ = ["Representative", "first_that_gives", "representatives"]

TRIED = 3  # students, each in a sandbox of its own


@dataclass(frozen=True)
class Representative:
    """A student who gave an answer, and what of the code makes it."""

    student: str
    stripped: Stripped


def representatives(
    course: Course, exercise: Exercise, answer: SharedAnswer[str], output: Path
) -> list[Representative]:
    """Return students whose code can be compared with the solution, the least differing first.

    An exercise of several files, or of answer cells, has none.

    Args:
        course: the exercise's.
        exercise: what they wrote.
        answer: what they gave.
        output: the reports of the class.

    Raises:
        GraderError: there is no store of what they wrote, or no process can be started.
    """
    if exercise.files or exercise.cells:
        return []
    codes = codes_of(output, answer.students, exercise.name)
    solution = read_text(course.solution_of(exercise))
    every = map(Representative, codes, strip_each(solution, list(codes.values())))
    return sorted(
        (each for each in every if each.stripped.code),
        key=lambda each: (bool(each.stripped.refused), each.stripped.distance),
    )


def first_that_gives(
    found: list[Representative],
    course: Course,
    exercise: Exercise,
    answer: SharedAnswer[str],
) -> Representative | None:
    """Return the first whose stripped code still gives the answer, in the sandbox.

    Raises:
        InfrastructureError: there is no sandbox here, or no worker can be started.
    """
    taken = [each for each in found if not each.stripped.refused][:TRIED]
    return next(
        (each for each in taken if gives(each.stripped.changed, course, exercise, answer)), None
    )
