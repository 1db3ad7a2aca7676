"""`list`: the exercises in their order, the minutes they take, and how far each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.desk.files import file_of, files_here, is_untouched
from grader.desk.records import State
from grader.desk.wording import minutes_of, which_counts
from grader.lab import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.judge.local import Patience
    from grader.lab import Exercise

__all__ = ["SIGNS", "arc_lines", "choices_here", "states_here"]

SIGNS = {
    State.DONE: ("\N{CHECK MARK}", "green"),
    State.OPEN: ("\N{FISHEYE}", "yellow"),
    State.UNTOUCHED: ("\N{WHITE CIRCLE}", "dim"),
    State.ABSENT: ("\N{EN DASH}", "dim"),
    State.RUNNING: ("\N{HORIZONTAL ELLIPSIS}", "dim"),
}
TITLE_WIDTH = max(len(exercise.title) for exercise in EXERCISES)
NAME_WIDTH = max(len(exercise.name) for exercise in EXERCISES)


def states_here(patience: Patience) -> dict[str, State]:
    """Find how far each exercise here is, by running what was worked on.

    Raises:
        UsageError: there is no exercise here.
    """
    files_here()
    return {exercise.name: _state(exercise, patience) for exercise in EXERCISES}


def _state(exercise: Exercise, patience: Patience) -> State:
    file = file_of(exercise)
    if file is None:
        return State.ABSENT
    if is_untouched(exercise, file):
        return State.UNTOUCHED
    from grader.desk.running import run_checks

    return run_checks(exercise, file, patience).state


def arc_lines(states: Mapping[str, State]) -> tuple[Text, ...]:
    """Return a line for each exercise."""
    return tuple(_line(exercise, states[exercise.name]) for exercise in EXERCISES)


def choices_here() -> list[str]:
    """Return a sentence for each exercise two of whose files were changed: which one counts."""
    found = [(exercise, file_of(exercise)) for exercise in EXERCISES]
    return [said for exercise, file in found if file and (said := which_counts(exercise, file))]


def _line(exercise: Exercise, state: State) -> Text:
    sign, style = SIGNS[state]
    return Text.assemble(
        ("  ", ""),
        (f"{sign} {state.value:<12}", style),
        (f"{minutes_of(exercise):>3} min  ", "dim"),
        (f"{exercise.name:<{NAME_WIDTH}}", "bold"),
        f"  {exercise.title}",
    )
