"""A warm process that checks one file after another.

`python -m grader.desk.warm.bench LIMIT COURSE`: the seconds for one call, the course's
folder, and whether to be ready for training.

It holds torch and the collected checks. Jobs come in over its standard input, messages go out over
its standard output; what the student's code prints goes where its standard error goes.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import msgspec

from grader.courses import find_course
from grader.desk.running import check_file
from grader.desk.warm.messages import Broken, Finished, Job, Message, Ready, Result, Stuck, encode
from grader.errors import GraderError
from grader.judge.plugin import run_suites, title_of
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import TestResult

__all__ = ["main"]


def main() -> None:
    """Serve until the other side hangs up."""
    jobs, messages = _take_over_streams()
    limits, folder = sys.argv[1:]
    course = find_course(Path(folder))
    bench = Bench(course, messages, msgspec.json.decode(limits, type=Limits))
    checks = [exercise.public_checks for exercise in course.exercises]
    run_suites(checks, lambda runner: bench.serve(runner, jobs))


def _take_over_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes from the student's code: it reads nothing, and prints to standard error."""
    jobs, messages = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    faulthandler.enable(sys.stderr)
    return jobs, messages


class Bench:
    """Answers jobs, one at a time."""

    def __init__(self, course: Course, messages: BinaryIO, limits: Limits) -> None:
        self._course = course
        self._messages = messages
        self._limits = limits

    def serve(self, runner: SuiteRunner, jobs: BinaryIO) -> None:
        """Take jobs until there are no more."""
        self._tell(Ready({each.name: _titles(runner, each) for each in self._course.exercises}))
        for line in jobs:
            self._tell(self._done(runner, msgspec.json.decode(line, type=Job)))

    def _done(self, runner: SuiteRunner, job: Job) -> Message:
        def told(result: TestResult) -> None:
            self._tell(Result(result))

        check = partial(check_file, runner, self._course, told=told, give_up=self._give_up)
        try:
            exercise = self._course.exercise_named(job.exercise)
            return Finished(check(exercise, Path(job.file), self._limits))
        except GraderError as error:  # the file is gone, the data are not what they should be
            return Broken(str(error))
        finally:
            sys.stdout.flush()

    def _tell(self, message: Message) -> None:
        self._messages.write(encode(message))

    def _give_up(self, limit_s: float) -> NoReturn:
        self._tell(Stuck(limit_s))
        os._exit(1)


def _titles(runner: SuiteRunner, exercise: Exercise) -> tuple[tuple[str, str], ...]:
    checks = runner.suites.tests_of(exercise, public=True)
    return tuple((item.name, title_of(item)) for item in checks)


if __name__ == "__main__":
    main()
