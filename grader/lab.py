"""The lab: its exercises, and where its files are."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EXERCISES", "Exercise", "exercise_named", "exercises_named", "resource"]

PACKAGE = Path(__file__).resolve().parent
_NUMBER = re.compile(r"(?:ex)?0*(\d{1,2})")
_ANY_NUMBER = re.compile(r"(?:ex)?\d+")


@dataclass(frozen=True)
class Exercise:
    """One exercise of the lab.

    Attributes:
        name: the stem of its files: `ex03_log_softmax`.
        title: its line in the reports.
        points: what its hidden tests add up to.
        hidden_tests: how many there are; students know the number and nothing else of them.
        cells: ids of its answer cells, where it is a notebook only: each of its tasks is judged on
            the names that stand right after its cell.
        patience: how many times the usual time limits it has.
    """

    name: str
    title: str
    points: int
    hidden_tests: int
    cells: tuple[str, ...] = ()
    patience: float = 1.0

    @property
    def file_names(self) -> tuple[str, ...]:
        """What may be handed in for it."""
        kinds = (".ipynb",) if self.cells else (".py", ".ipynb")
        return tuple(f"{self.name}{kind}" for kind in kinds)

    @property
    def hidden_suite(self) -> Path:
        """The tests that decide the score."""
        return PACKAGE / "hidden" / f"{self.name}.py"

    @property
    def public_checks(self) -> Path:
        """The tests that students have too."""
        return PACKAGE / "checks" / f"{self.name}.py"


EXERCISES = (
    Exercise("ex01_losses", "How wrong is the network?", 10, 11),
    Exercise("ex02_heads", "One forward pass, three kinds of answer", 10, 11),
    Exercise("ex03_log_softmax", "A classifier that speaks log-probabilities", 15, 10),
    Exercise("ex04_autograd", "Letting PyTorch differentiate", 10, 10),
    Exercise("ex05_backprop", "The chain rule by hand", 15, 8),
    Exercise("ex06_manual_update", "W - lr * grad", 15, 11),
    Exercise("ex07_descent", "Walking downhill", 10, 9),
    Exercise("ex08_training_loop", "The whole loop", 15, 9),
    Exercise("ex09_regression", "The same loop, another loss", 10, 8),
    Exercise("ex10_prediction", "Looking at what was learned", 10, 9),
    Exercise(
        "lab_training",
        "The whole lab in one notebook",
        30,
        5,
        cells=("lab-model", "lab-training"),
        patience=3.0,
    ),
)


def exercise_named(name: str) -> Exercise:
    """Return an exercise by name, number (`6`, `ex6`), or any beginning that only one has (`ex03`).

    Raises:
        UsageError: no exercise, or more than one, is meant; the message says which may be.
    """
    wanted = name.strip().lower()
    number = _NUMBER.fullmatch(wanted)
    beginning = f"ex{int(number[1]):02}_" if number else wanted
    found = [each for each in EXERCISES if wanted and each.name.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    known = [exercise.name for exercise in EXERCISES]
    if found:
        raise UsageError(f"{name!r} may be {', '.join(each.name for each in found)}: name one")
    words = {word: each for each in known for word in (each, each[:4], each.partition("_")[2])}
    # a number that is not there is near to others, and none of them is meant
    near = [] if _ANY_NUMBER.fullmatch(wanted) else difflib.get_close_matches(wanted, words)
    close = dict.fromkeys(words[word] for word in near)
    meant = f"did you mean {' or '.join(close)}?" if close else f"the lab has {', '.join(known)}"
    raise UsageError(f"there is no exercise {name!r}; {meant}")


def exercises_named(names: Iterable[str]) -> tuple[Exercise, ...]:
    """Return exercises by names, several of which may stand in one (`ex03,ex06`), in their order.

    Raises:
        UsageError: a name means none, or more than one.
    """
    wanted = {exercise_named(part) for name in names for part in name.split(",") if part.strip()}
    return tuple(exercise for exercise in EXERCISES if exercise in wanted)


def resource(name: str) -> Path:
    """Return what stands at the lab's top: `templates`, `data`, `exercises`, `LICENSE`.

    An installed package carries them inside; a checkout has them beside it.
    """
    packed = PACKAGE / "_lab" / name
    return packed if packed.exists() else PACKAGE.parent / name
