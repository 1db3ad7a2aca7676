"""What a course needs for its exercises to be graded: their suites, and points that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses.mistakes import known_mistakes
from grader.doctor.checks import Check, State
from grader.errors import UsageError
from grader.text.wording import number, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course, Exercise

__all__ = ["suites"]


def suites(course: Course) -> Check:
    """Count the points of each exercise; one that can't be graded keeps no other from it."""
    try:
        known_mistakes(course)
    except UsageError as error:
        return Check("course", State.FAIL, str(error), "correct that line")
    faults = [fault for exercise in course.exercises for fault in _faults(exercise)]
    if faults:
        mend = f"the others can be graded; `grader check --course {course.folder}` tries the checks"
        return Check("course", State.WARN, f"{course.title}: {'; '.join(faults)}", mend)
    points = number(sum(exercise.points for exercise in course.exercises))
    found = f"{course.title}: {plural(len(course.exercises), 'exercise')}, {points} points"
    return Check("course", State.OK, f"{found}, in {course.folder}")


def _faults(exercise: Exercise) -> Iterator[str]:
    if not exercise.public_checks.is_file():
        yield f"{exercise.name} has no public checks; expected {exercise.public_checks}"
    try:
        _ = exercise.points
    except UsageError as error:
        yield str(error)
