"""Grade a class by its course's suites as they are now, beside what it has from before.

What `grade` left in the output folder is what counted. It is copied, and the copy is graded into:
whatever no change of a suite could have changed is there already, and is not graded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError, UsageError
from grader.proving.against.comparison import Comparison
from grader.proving.against.earlier import circumstances_of, copied_store
from grader.results.changes import Side
from grader.results.students import ROSTER
from grader.runs.devices import default_jobs, resolve_device
from grader.runs.engine import Plan, grade_class
from grader.runs.kept_class import KeptClass
from grader.runs.regrading import refuse_another_course
from grader.sandbox.command import Isolation
from grader.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult
    from grader.runs.engine import Progress
    from grader.runs.graded_students import Place
    from grader.runs.kept_class import Circumstances
    from grader.runs.store import Store
    from grader.submissions import ClassWork

__all__ = ["FoundAgain", "Wanted", "compare_class", "found_again"]

UNPROTECTED = (
    "The class was graded without a sandbox, and is graded in one now: a difference may be due to "
    "that."
)


@dataclass(frozen=True)
class Wanted:
    """What is to be compared.

    Attributes:
        exercises: those of the course that are asked about; none for all that the class has.
        work: what the class handed in.
        output: where `grade` left what the class has.
        jobs: how many submissions are graded in parallel; None for one per core.
    """

    course: Course
    exercises: Sequence[Exercise]
    work: ClassWork
    output: Path
    jobs: int | None = None


def compare_class(wanted: Wanted, progress: Progress) -> Comparison:
    """Grade a class once more and compare; neither its files nor its reports are touched.

    Raises:
        UsageError: there is nothing to compare with; the message says what to do.
        InfrastructureError: no worker can be started.
        KeyboardInterrupt: it was stopped before everybody was graded.
    """
    with copied_store(wanted.output) as store:
        kept = KeptClass(store.database)
        before = circumstances_of(kept, wanted.output)
        refuse_another_course(wanted.course, kept, wanted.output)
        class_ = found_again(wanted, kept.records())
        plan = _plan(wanted, before, len(class_.submissions))
        asked = [each.name for each in wanted.exercises]
        comparison = Comparison(
            lacking=tuple(name for name in asked if name not in before.exercises),
            gone=class_.gone,
            strangers=class_.strangers,
            notes=list(_notes(wanted.course, before)),
        )
        places = dict(_places(kept, class_.submissions, comparison))
        run = grade_class(class_.submissions, plan, store, progress)
        if run.ungraded:
            raise KeyboardInterrupt
        for student, place in places.items():
            _add(store, place, kept.place(student), comparison)
        return comparison


@dataclass(frozen=True)
class FoundAgain:
    """Whose work is graded now, as it was called then; who is gone, and whose work is nobody's."""

    submissions: list[Submission]
    gone: list[StudentRecord]
    strangers: list[StudentRecord]


def found_again(wanted: Wanted, records: Sequence[StudentRecord]) -> FoundAgain:
    """Find the work of those who were graded, also of whom the list of the class called otherwise.

    Raises:
        UsageError: nobody's work is here.
    """
    found = wanted.work.submissions
    by_id = {each.student: each for each in found}
    by_file = {each.record.handed_in_as: each for each in found if each.record.handed_in_as}
    pairs = [(each, by_id.get(each.id) or by_file.get(each.handed_in_as)) for each in records]
    mine = [(record, submission) for record, submission in pairs if submission]
    if not mine:
        raise UsageError(
            wanted.work.doubt
            or f"none of these {len(found)} students has results in {wanted.output}: is it the "
            "class that was graded there? Name the folder of its reports with --output"
        )
    taken = {submission.student for _, submission in mine}
    return FoundAgain(
        [Submission(record, submission.found) for record, submission in mine],
        [each for each, submission in pairs if not submission and each.reader != ROSTER],
        [each.record for each in found if each.student not in taken],
    )


def _plan(wanted: Wanted, before: Circumstances, students: int) -> Plan:
    """Return how the class is graded: as before, and always in the sandbox.

    Raises:
        UsageError: of what is asked there is nothing to compare with, or the device is not there.
    """
    asked = wanted.exercises or wanted.course.exercises
    exercises = tuple(each for each in asked if each.name in before.exercises)
    if not exercises:
        names = ", ".join(each.name for each in asked)
        raise UsageError(
            f"{wanted.output} has no results of {names}; it has {', '.join(before.exercises)}"
        )
    return Plan(
        course=wanted.course,
        exercises=exercises,
        device=resolve_device(before.device),
        isolation=Isolation.BUBBLEWRAP,
        limits=before.limits,
        jobs=wanted.jobs or min(default_jobs(), students),
        fresh=False,
    )


def _notes(course: Course, before: Circumstances) -> Iterator[str]:
    if dropped := [name for name in before.exercises if not course.known(name)]:
        yield f"No longer in the course, and not compared: {', '.join(dropped)}."
    if before.sandbox == Isolation.NONE:
        yield UNPROTECTED


def _places(
    kept: KeptClass, submissions: Sequence[Submission], comparison: Comparison
) -> Iterator[tuple[str, Place]]:
    """Give where each student's earlier results are; note of whom they can't be read."""
    for submission in submissions:
        try:
            yield submission.student, kept.place(submission.student)
        except InfrastructureError as error:
            comparison.notes.append(f"Not compared: {error}.")


def _add(store: Store, then: Place, now: Place, comparison: Comparison) -> None:
    """Add a student's results to a comparison."""
    before = dict(_sides(store, then))
    for exercise, after in _sides(store, now):
        comparison.add(now.record, exercise, before.get(exercise), after)


def _sides(store: Store, place: Place) -> Iterator[tuple[str, Side]]:
    works = place.works or ("",) * len(place.keys)
    for key, work in zip(place.keys, works, strict=True):
        result: ExerciseResult | None = (place.unkept or {}).get(key) or store.get(key)
        if result is not None:
            yield result.exercise, Side(result, key, work)
