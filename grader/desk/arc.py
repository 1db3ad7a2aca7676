"""`list`: the exercises in their order, the minutes they take, and how far each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.desk.files import file_of, files_here
from grader.desk.given_out import is_untouched
from grader.desk.records import State
from grader.desk.wording import minutes_of, which_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Course, Exercise
    from grader.sandbox.limits import Limits

__all__ = ["SIGNS", "arc_lines", "choices_here", "states_here"]

SIGNS = {
    State.DONE: ("\N{CHECK MARK}", "green"),
    State.OPEN: ("\N{FISHEYE}", "yellow"),
    State.UNTOUCHED: ("\N{WHITE CIRCLE}", "dim"),
    State.ABSENT: ("\N{EN DASH}", "dim"),
    State.BROKEN: ("\N{BLACK FLAG}", "magenta"),
    State.RUNNING: ("\N{HORIZONTAL ELLIPSIS}", "dim"),
}


def states_here(course: Course, limits: Limits) -> dict[str, State]:
    """Find how far each exercise here is, by running what was worked on.

    Raises:
        UsageError: there is no exercise here.
    """
    files_here(course)
    return {each.name: _state(course, each, limits) for each in course.exercises}


def _state(course: Course, exercise: Exercise, limits: Limits) -> State:
    file = file_of(course, exercise)
    if file is None:
        return State.ABSENT
    if is_untouched(course, exercise, file):
        return State.UNTOUCHED
    from grader.desk.running import run_checks

    return run_checks(course, exercise, file, limits).state


def arc_lines(course: Course, states: Mapping[str, State]) -> tuple[Text, ...]:
    """Return a line for each exercise whose state is given."""
    shown = [each for each in course.exercises if each.name in states]
    minutes = [_minutes(course, each) for each in shown]
    width = max(map(len, minutes))
    longest = max(len(each.name) for each in shown)
    return tuple(
        Text.assemble(
            "  ",
            _sign(states[each.name]),
            (takes.rjust(width), "dim"),
            (each.name.ljust(longest), "bold"),
            f"  {each.title}",
        )
        for each, takes in zip(shown, minutes, strict=True)
    )


def _sign(state: State) -> tuple[str, str]:
    sign, style = SIGNS[state]
    return f"{sign} {state.value:<13}", style


def _minutes(course: Course, exercise: Exercise) -> str:
    """Return a column's cell; where no exercise says what it takes there is no such column."""
    minutes = minutes_of(course, exercise)
    return f"{minutes} min  " if minutes else ""


def choices_here(course: Course) -> list[str]:
    """Return a sentence for each exercise two of whose files were changed: which one counts."""
    found = [(each, file_of(course, each)) for each in course.exercises]
    said = [which_counts(course, each, file) for each, file in found if file]
    return list(filter(None, said))
