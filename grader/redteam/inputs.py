"""Grade hostile inputs: a class as an attack writes it, through the finder to the pages."""

from __future__ import annotations

import os
import resource
import runpy
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.redteam.attacks import REFUSED, honest_work
from grader.redteam.pages import unsafe_in
from grader.reports import write_reports
from grader.results.students import StudentRecord
from grader.results.verdicts import StudentResult
from grader.runs.grading_run import GradingRun
from grader.submissions import find_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.courses import Course, Exercise
    from grader.redteam.attacks import Attack
    from grader.results.verdicts import ExerciseResult
    from grader.submissions import HandIn, Submission

    Grade = Callable[[dict[Exercise, HandIn]], Sequence[ExerciseResult]]

__all__ = ["HONEST", "GradedClass", "grade_input"]

HONEST = "honest"  # the student in the class whose work is right
MOST_MEMORY_KB = 256 * 2**10  # that a judge may need more for an input


@dataclass(frozen=True)
class GradedClass:
    """What became of a class.

    Attributes:
        students: name to results; empty where the input was refused as a whole.
        said: why it was refused.
        broken: what it did to the judge, to its disk or to the pages, in sentences.
    """

    students: dict[str, Sequence[ExerciseResult]]
    said: str
    broken: tuple[str, ...]

    @property
    def attacker(self) -> Sequence[ExerciseResult]:
        """The results of the students who are not the honest one."""
        return [each for name in self.students if name != HONEST for each in self.students[name]]


def grade_input(attack: Attack, marker: str, grade: Grade) -> GradedClass:
    """Let an attack write a class, and grade it.

    Args:
        attack: whose file has a function `make(folder, honest, marker)`, which writes the class
            below the folder, with `honest` as the work of the student of that name.
        marker: a file name that the attack tries to bring onto the disk.
        grade: grades what one student has handed in.
    """
    with tempfile.TemporaryDirectory(prefix="grader-") as outermost:
        folder = Path(outermost, "some", "folders", "below")  # room for ../../..
        folder.mkdir(parents=True)
        make = runpy.run_path(str(attack.file))["make"]
        path = make(folder, honest_work(attack.course, attack.exercise), marker)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        students, said, broken = _graded(attack, path, Path(outermost, "reports"), grade)
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > most + MOST_MEMORY_KB:
            broken.append(f"the judge needed more than {MOST_MEMORY_KB // 1024} MB for it")
        strays = [name for _, _, names in os.walk(outermost) for name in names if marker in name]
        broken += [f"it wrote {name}" for name in strays[:1]]
    return GradedClass(students, said, tuple(broken))


def _graded(
    attack: Attack, path: Path, output: Path, grade: Grade
) -> tuple[dict[str, Sequence[ExerciseResult]], str, list[str]]:
    try:
        submissions = find_class(path, attack.course).submissions
        results = {each.student: grade(_work(each, attack)) for each in submissions}
        withheld = write_reports(_run(results, attack.course), output).withheld
    except UsageError as error:
        return {}, f"{REFUSED}: {error}", []
    except Exception as error:  # noqa: BLE001 - whatever else it is, the input has broken the grader
        return {}, "the grader failed", [f"the grader failed: {type(error).__name__}: {error}"]
    leaks = [f"the page of {each.student} would show {each.leak.what}" for each in withheld]
    return results, "", [*leaks, *unsafe_in(output)]


def _work(submission: Submission, attack: Attack) -> dict[Exercise, HandIn]:
    return {attack.exercise: submission.read(attack.exercise.name, attack.course)}


def _run(results: dict[str, Sequence[ExerciseResult]], course: Course) -> GradingRun:
    students = tuple(
        StudentResult(
            record=StudentRecord(id=name),
            score=sum(each.score for each in exercises),
            max_score=sum(each.max_score for each in exercises),
            exercises=tuple(exercises),
        )
        for name, exercises in results.items()
    )
    records = tuple(each.record for each in students)
    return GradingRun(
        course=course,
        device="cpu",
        sandbox="bubblewrap",
        students=students,
        records=records,
    )
