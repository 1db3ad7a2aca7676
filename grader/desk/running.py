"""Run the public checks of a student's file in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.desk.places import place_to_edit
from grader.desk.records import Checked, Place, digest
from grader.errors import UsageError
from grader.judge.local import LocalAttempt, Patience, end_the_process
from grader.judge.plugin import run_suites
from grader.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.judge.plugin import SuiteRunner
    from grader.lab import Exercise
    from grader.verdicts import TestResult

__all__ = ["check_file", "run_checks"]


def run_checks(exercise: Exercise, file: Path, patience: Patience) -> Checked:
    """Run the public checks of one file."""
    checked: list[Checked] = []

    def serve(runner: SuiteRunner) -> None:
        checked.append(check_file(runner, exercise, file, patience))

    run_suites([exercise.public_checks], serve)
    return checked[0]


def check_file(
    runner: SuiteRunner,
    exercise: Exercise,
    file: Path,
    patience: Patience,
    told: Callable[[TestResult], None] = lambda _: None,
    give_up: Callable[[float], None] = end_the_process,
) -> Checked:
    """Run the collected checks of a file.

    Args:
        runner: has collected the exercise's checks.
        exercise: what the file is checked for.
        file: the student's.
        patience: how long its code may run.
        told: hears of each result as soon as it is there.
        give_up: ends this process when the student's code can't be interrupted.

    Raises:
        UsageError: the file can't be read.
    """
    content = _content_of(file)
    attempt = LocalAttempt(exercise, file, patience=patience, give_up=give_up)
    results: list[TestResult] = []
    place: Place | None = None
    for ran in runner.run_each(exercise, attempt, public=True):
        results.append(ran.result)
        told(ran.result)
        if place is None and ran.result.verdict is not Verdict.PASSED:
            place = place_to_edit(file, content, ran.result.message, ran.line, ran.cell)
    return Checked(
        exercise=exercise.name,
        file=str(file),
        results=tuple(results),
        place=place or Place(str(file)),
        content=digest(content),
    )


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}") from error
