"""What the workers of a cluster are to grade with, and what one says of itself before it may."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.courses import carried_course, load_course
from grader.judge.worker import WorkerSettings
from grader.results.verdicts import ExerciseResult  # noqa: TC001 - msgspec reads annotations
from grader.runs.store import installed, suite_digest
from grader.sandbox.command import Isolation  # noqa: TC001 - same
from grader.sandbox.limits import Limits  # noqa: TC001 - same

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses import Course, Exercise

__all__ = ["Facts", "Graded", "Order", "Proof"]

NAMED = 3  # packages or exercises


class Facts(msgspec.Struct, frozen=True):
    """What decides verdicts, apart from the submission.

    Attributes:
        grader: its version.
        packages: all others, each with its version.
        suites: of each exercise, the digest of everything of ours that decides its results.
    """

    grader: str
    python: str
    packages: tuple[str, ...]
    suites: dict[str, str]

    @classmethod
    def here(cls, exercises: Iterable[Exercise]) -> Facts:
        """Return those of this machine."""
        return cls(
            metadata.version("nn-training-lab"),
            platform.python_version(),
            installed(),
            {each.name: suite_digest(each) for each in exercises},
        )

    def difference(self, wanted: Facts) -> str:
        """Say in what these facts are others than those that are wanted; empty for nothing."""
        for what, own, theirs in (
            ("grader", self.grader, wanted.grader),
            ("Python", self.python, wanted.python),
        ):
            if own != theirs:
                return f"it has {what} {own}, and the run {theirs}"
        if self.packages != wanted.packages:
            return _other_packages(self.packages, wanted.packages)
        others = [name for name, suite in wanted.suites.items() if self.suites.get(name) != suite]
        return f"its suites are others than the run's: {_some(others)}" if others else ""


class Order(msgspec.Struct, frozen=True):
    """What is to be graded with, as every worker is told.

    Attributes:
        course: the folder, which is in the same place on all machines; empty for the lab that
            the package carries.
        exercises: names.
    """

    course: str
    exercises: tuple[str, ...]
    device: str
    isolation: Isolation
    limits: Limits
    facts: Facts

    @classmethod
    def of(cls, course: Course, settings: WorkerSettings) -> Order:
        """Return the order for what a worker of this machine would be told."""
        folder = course.folder.resolve()
        return cls(
            "" if folder == carried_course().folder.resolve() else str(folder),
            tuple(each.name for each in settings.exercises),
            settings.device,
            settings.isolation,
            settings.limits,
            Facts.here(settings.exercises),
        )

    def found(self) -> Course:
        """Return the course, as it is on this machine.

        Raises:
            UsageError: it is not there.
        """
        return load_course(Path(self.course)) if self.course else carried_course()

    def settings(self, course: Course) -> WorkerSettings:
        """Return what a judge is told.

        Raises:
            UsageError: the course has no such exercise.
        """
        exercises = tuple(map(course.exercise_named, self.exercises))
        return WorkerSettings(exercises, self.device, self.isolation, self.limits, ())


class Proof(msgspec.Struct, frozen=True):
    """What a worker says of itself.

    Attributes:
        host: the machine's name.
        worker: tells this process from all others.
        problem: why it can't grade, as the rest of a sentence; empty where it can.
    """

    host: str
    worker: str
    problem: str = ""


class Graded(msgspec.Struct, frozen=True):
    """What came of one submission.

    Attributes:
        results: one for each exercise, where there are any.
        lost: how the process that graded it ended; empty where it did not.
        unfit: why this worker can grade no longer; empty where it can.
        took_s: how long it took there.
    """

    results: tuple[ExerciseResult, ...] = ()
    lost: str = ""
    unfit: str = ""
    took_s: float = 0.0


def _other_packages(own: tuple[str, ...], wanted: tuple[str, ...]) -> str:
    """Name the packages that only one of the two has, with their versions."""
    mine, theirs = (sorted({*one} - {*other}) for one, other in ((own, wanted), (wanted, own)))
    return f"its packages are others than the run's: it has {_some(mine)}, the run {_some(theirs)}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (", ".join(names[:NAMED]) or "none of those") + more
