"""The lab: its exercises, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

__all__ = ["EXERCISES", "Exercise", "exercise_named", "resource"]

PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Exercise:
    """One exercise of the lab.

    Attributes:
        name: the stem of its files: `ex03_log_softmax`.
        title: its line in the reports.
        points: what its hidden tests add up to.
    """

    name: str
    title: str
    points: int

    @property
    def hidden_suite(self) -> Path:
        """The tests that decide the score."""
        return PACKAGE / "hidden" / f"{self.name}.py"

    @property
    def public_checks(self) -> Path:
        """The tests that students have too."""
        return PACKAGE / "checks" / f"{self.name}.py"


EXERCISES = (
    Exercise("ex03_log_softmax", "A classifier that speaks log-probabilities", 15),
    Exercise("ex04_autograd", "Letting PyTorch differentiate", 10),
    Exercise("ex06_manual_update", "W - lr * grad", 15),
    Exercise("ex08_training_loop", "The whole loop", 15),
)


def exercise_named(name: str) -> Exercise:
    """Return an exercise by name, or by any beginning that only one has (`ex03`).

    Raises:
        UsageError: no exercise, or more than one, begins like that.
    """
    found = [exercise for exercise in EXERCISES if exercise.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(exercise.name for exercise in EXERCISES)
    wrong = "more than one exercise begins with" if found else "there is no exercise"
    raise UsageError(f"{wrong} {name!r}; the lab has {known}")


def resource(name: str) -> Path:
    """Return a top-level folder of the lab: `templates`, `data` or `exercises`.

    An installed package carries them inside; a checkout has them beside it.
    """
    packed = PACKAGE / "_lab" / name
    return packed if packed.exists() else PACKAGE.parent / name
