"""What the desk says, whatever it is shown on."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.mistakes import hint_text
from grader.desk.files import changed_beside, file_of, pristine
from grader.lab import EXERCISES, carried_course, exercise_named
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.desk.records import Checked
    from grader.lab import Exercise
    from grader.results.verdicts import TestResult

__all__ = [
    "command",
    "exercise_after",
    "hints_shown",
    "minutes_of",
    "next_step",
    "no_hint",
    "tally",
    "which_counts",
]

MINUTES = re.compile(rb"(\d+) minutes, difficulty")


def which_counts(exercise: Exercise, file: Path) -> str:
    """Say which file counts where an exercise's other one was changed, too; else nothing.

    Nothing is said of a copy of another name, nor of a kernel's notebook.
    """
    if file.name not in exercise.file_names:
        return ""
    changed = changed_beside(exercise, file)
    if len(changed) > 1:
        counts, other = changed[:2]
        return (
            f"You changed {counts.name} and {other.name}: only {counts.name} is checked and "
            f"graded. To hand in {other.name}, move {counts.name} to another folder."
        )
    if changed and file not in changed:
        return f"{file.name} is unchanged: {changed[0].name} is the one that is graded."
    return ""


def tally(checked: Checked) -> str:
    """Count the checks, and the hidden tests that were not run."""
    passed = sum(each.verdict is Verdict.PASSED for each in checked.results)
    hidden = exercise_named(checked.exercise).hidden_tests
    return (
        f"{passed} of {len(checked.results)} checks passed. "
        f"The {hidden} hidden tests that decide the points were not run."
    )


def hints_shown(failure: TestResult, step: int | None) -> list[str]:
    """Return the steps of a failure's hint up to this one, or all of them."""
    return (hint_text(failure.mistake) or "").splitlines()[:step]


def no_hint(failure: TestResult) -> str:
    """Say what to do where no mistake was recognised, and so no hint is there."""
    if failure.verdict is Verdict.NOT_STARTED:
        return (
            "The docstring, or the text above the cell, says what is asked. "
            "Replace that line with your code."
        )
    if failure.verdict is Verdict.WRONG:
        return (
            "No mistake that this check knows gives this; compare it with the docstring's example."
        )
    return ""


def next_step(checked: Checked, then: str) -> str:
    """Say what to do next: what to edit, and what to run then.

    Args:
        checked: the result.
        then: what has the same file checked again, such as `save`.
    """
    if not checked.passed:
        return f"edit {checked.place.words}, then {then}"
    following = exercise_after(checked.exercise)
    if following is None:
        return "this was the last exercise: hand in what you have"
    name, file = carried_course().short(following), file_of(following)
    return f"go on with {file or following.name}, then run `{command()} check {name}`"


def exercise_after(name: str) -> Exercise | None:
    """Return the exercise that follows in the lab's order."""
    names = [exercise.name for exercise in EXERCISES]
    return next(iter(EXERCISES[names.index(name) + 1 :]), None)


def command() -> str:
    """Return how this program was called, to be called again."""
    return "python -m grader" if Path(sys.argv[0]).name == "__main__.py" else "grader"


def minutes_of(exercise: Exercise) -> int:
    """Return how long an exercise takes, as its card says; 0 where it does not."""
    found = MINUTES.search(pristine(exercise, exercise.file_names[0][len(exercise.name) :]))
    return int(found[1]) if found else 0
