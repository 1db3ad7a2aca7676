"""Run the public checks of a student's file in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.courses.files import home_of
from grader.desk.data_beside import data_beside
from grader.desk.files import used_here
from grader.desk.given_out import content_of
from grader.desk.places import place_to_edit, pointed_in, source_of
from grader.desk.records import Checked, Place, digest
from grader.errors import InfrastructureError, UsageError
from grader.judge.loading.on_disk import work_at
from grader.judge.local import LocalAttempt, end_the_process
from grader.judge.plugin import run_suites
from grader.results.message import Message
from grader.results.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.guest.loading.sources import Source
    from grader.judge.loading.on_disk import Work
    from grader.judge.plugin import Attempt, SuiteRunner
    from grader.sandbox.limits import Limits

__all__ = ["broken", "check_attempt", "check_file", "run_checks"]


def run_checks(course: Course, exercise: Exercise, file: Path, limits: Limits) -> Checked:
    """Run the public checks of one file."""
    checked: list[Checked] = []

    def serve(runner: SuiteRunner) -> None:
        checked.append(check_file(runner, course, exercise, file, limits))

    run_suites([exercise.public_checks], serve)
    return checked[0]


def check_file(
    runner: SuiteRunner,
    course: Course,
    exercise: Exercise,
    file: Path,
    limits: Limits,
    told: Callable[[TestResult], None] = lambda _: None,
    give_up: Callable[[float], None] = end_the_process,
) -> Checked:
    """Run the collected checks of a file; where they are broken, that is all there is to say.

    Args:
        runner: has collected the exercise's checks.
        course: the exercise's.
        exercise: what the file is checked for.
        file: the student's.
        limits: how long its code may run.
        told: hears of each result as soon as it is there.
        give_up: ends this process when the student's code can't be interrupted.

    Raises:
        UsageError: the file can't be read.
    """
    try:
        runner.suites.require(exercise, public=True)
    except InfrastructureError as error:
        return broken(exercise, str(file), str(error))
    try:
        work, content = work_at(exercise, file), content_of(exercise, file)
        used = used_here(course, exercise, file)
        attempt = LocalAttempt(exercise, file, limits=limits, give_up=give_up, used=used)
    except OSError as error:
        raise UsageError(f"{error.filename or file} can't be read: {error.strerror}") from error
    home = home_of(file, exercise.files)
    source = source_of(file, work, home)
    checked = check_attempt(runner, exercise, attempt, source, str(file), told)
    handed_in = "what the exercise asks for" if exercise.files else file.name
    notes = (*attempt.notes, *data_beside(exercise, source, home, handed_in))
    results = tuple(_pointed(each, file, work) for each in checked.results)
    return msgspec.structs.replace(checked, results=results, content=digest(content), notes=notes)


def _pointed(result: TestResult, file: Path, work: Work) -> TestResult:
    """Show the line that is no Python where that is why a check could not be run."""
    if result.verdict is not Verdict.UNREADABLE:
        return result
    code = pointed_in(file, work, result.message.said)
    return msgspec.structs.replace(
        result, message=msgspec.structs.replace(result.message, code=code)
    )


def check_attempt(
    runner: SuiteRunner,
    exercise: Exercise,
    attempt: Attempt,
    source: Source,
    name: str,
    told: Callable[[TestResult], None] = lambda _: None,
) -> Checked:
    """Run the collected checks of what is loaded.

    Args:
        runner: has collected the exercise's checks.
        exercise: what is checked.
        attempt: answers for the student's code.
        source: that code.
        name: what the student calls it.
        told: hears of each result as soon as it is there.
    """
    results: list[TestResult] = []
    place: Place | None = None
    for ran in runner.run_each(exercise, attempt, public=True):
        results.append(ran.result)
        told(ran.result)
        if place is None and ran.result.verdict is not Verdict.PASSED:
            place = place_to_edit(source, name, ran.result.message, ran.line, ran.cell)
    return Checked(exercise.name, name, tuple(results), place or Place(name))


def broken(exercise: Exercise, name: str, reason: str) -> Checked:
    """Return what is known of a file that can't be checked, since the checks are broken."""
    said = f"The checks of {exercise.name} are broken, so your file was not checked."
    result = TestResult(
        name="checks",
        title=f"The checks of {exercise.name}",
        public=True,
        verdict=Verdict.GRADER_FAULT,
        score=0.0,
        max_score=0.0,
        message=Message(said, more=reason),
    )
    return Checked(exercise.name, name, (result,), Place(name))
