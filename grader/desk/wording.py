"""What the desk says, whatever it is shown on."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.finding import is_found_here
from grader.courses.mistakes import hint_of, start_of
from grader.desk.files import changed_beside, file_of, main_name
from grader.desk.given_out import pristine
from grader.desk.records import State
from grader.errors import GraderError, UsageError
from grader.results.verdicts import Verdict
from grader.text.wording import plural

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.desk.records import Checked
    from grader.results.verdicts import TestResult

__all__ = [
    "able_now",
    "check_command",
    "exercise_after",
    "hints_shown",
    "last_step",
    "minutes_of",
    "more_hints",
    "next_step",
    "no_hint",
    "tally",
    "which_counts",
]

MINUTES = re.compile(rb"((?:\d+ to )?\d+) minutes, difficulty")


def which_counts(course: Course, exercise: Exercise, file: Path) -> str:
    """Say which file counts where an exercise's other one was changed, too; else nothing.

    Nothing is said of a copy of another name, nor of a kernel's notebook, nor of several files
    that count together.
    """
    if exercise.files or file.name not in exercise.file_names:
        return ""
    changed = changed_beside(course, exercise, file)
    if len(changed) > 1:
        counts, other = changed[:2]
        return (
            f"You changed {counts.name} and {other.name}: only {counts.name} is checked and "
            f"graded. To hand in {other.name}, move {counts.name} to another folder."
        )
    if changed and file not in changed:
        return f"{file.name} is unchanged: {changed[0].name} is the one that is graded."
    return ""


def tally(course: Course, checked: Checked) -> str:
    """Count the checks, and the hidden tests that give the points."""
    if all(each.verdict is Verdict.GRADER_FAULT for each in checked.results):
        return "No check could be run."
    passed = sum(each.verdict is Verdict.PASSED for each in checked.results)
    hidden = _hidden_tests(course.exercise_named(checked.exercise))
    said = f"{passed} of {len(checked.results)} checks passed."
    if not hidden:
        return said
    tests = plural(hidden, "more test")
    return f"{said} (Your points come from {tests}, run after you hand in.)"


@cache
def _hidden_tests(exercise: Exercise) -> int:
    """Return how many there are; 0 where nobody knows, which is no reason not to check."""
    try:
        return exercise.hidden_tests
    except UsageError:
        return 0


def hints_shown(course: Course, checked: Checked, step: int | None) -> list[str]:
    """Return the steps of the first failure's hint up to this one, or all of them."""
    failure = checked.failure
    if failure is None:
        return []
    hint = hint_of(failure, course) or start_of(failure, checked.exercise, course)
    return (hint or "").splitlines()[:step]


def more_hints(course: Course, checked: Checked, step: int, command: str) -> str:
    """Say how to see the hint's next step; nothing where the last one is shown.

    Args:
        course: what is worked on.
        checked: the result.
        step: up to which step the hint is shown, from 1.
        command: what checks the same file again.
    """
    following = step + 1
    more = len(hints_shown(course, checked, None)) >= following
    return f"Another hint: `{command} --hint {following}`" if more else ""


def able_now(course: Course, checked: Checked) -> str:
    """Say what a student can do who has passed all checks; nothing where the course does not."""
    return course.exercise_named(checked.exercise).learned if checked.passed else ""


def no_hint(failure: TestResult) -> str:
    """Say what to do where no mistake was recognised, and so no hint is there."""
    if failure.verdict is Verdict.NOT_STARTED:
        return (
            "Start with the docstring, or with the text above the cell. "
            "Then replace the line `raise NotImplementedError(...)` with your code."
        )
    if failure.verdict is Verdict.WRONG:
        return (
            "This matches no known mistake. Work the docstring's example out by hand, and compare "
            "each step with your code."
        )
    if failure.verdict is Verdict.UNREADABLE and failure.message.code:
        return (
            "Python stopped reading at the ^. The mistake is there or just before it: a missing "
            "bracket, quote, comma or colon, or a wrong indent."
        )
    if failure.verdict is Verdict.GRADER_FAULT:
        return "This is not your mistake, and nothing in your file can change it."
    return ""


def next_step(course: Course, checked: Checked, then: str) -> str:
    """Say what to do next: what to edit, and what to run then.

    Args:
        course: what is worked on.
        checked: the result.
        then: what has the same file checked again, such as `save`.
    """
    if checked.state is State.BROKEN:
        return "tell your instructor, and go on with another exercise"
    if not checked.passed:
        return f"edit {checked.place.words}, then {then}"
    following = exercise_after(course, checked.exercise)
    if following is None:
        return last_step(course)
    file = file_of(course, following)
    run = check_command(course, course.short(following))
    return f"go on with {file or following.name}, then run `{run}`"


def last_step(course: Course) -> str:
    """Say what to do behind the last exercise."""
    last = "that was the last exercise: " if len(course.exercises) > 1 else ""
    return f"{last}hand in your files"


def exercise_after(course: Course, name: str) -> Exercise | None:
    """Return the exercise that follows in the course's order."""
    names = [exercise.name for exercise in course.exercises]
    return next(iter(course.exercises[names.index(name) + 1 :]), None)


def check_command(course: Course, what: str) -> str:
    """Return what checks an exercise or a file, to be typed where this program was called."""
    program = "python -m grader" if Path(sys.argv[0]).name == "__main__.py" else "grader"
    folder = str(course.folder)
    quoted = f'"{folder}"' if " " in folder else folder
    return f"{program} check {what}" + ("" if is_found_here(course) else f" --course {quoted}")


def minutes_of(course: Course, exercise: Exercise) -> str:
    """Return how long an exercise takes, as its card says: `30`, `90-120`; else nothing."""
    try:
        found = MINUTES.search(pristine(course, exercise, main_name(exercise)))
    except GraderError:
        return ""
    return found[1].decode().replace(" to ", "-") if found else ""
