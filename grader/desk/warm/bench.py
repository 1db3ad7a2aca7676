"""A warm process that checks one file after another.

`python -m grader.desk.warm.bench LIMIT [optimizer]`, where the second has it ready for training.

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

from grader.desk.running import check_file
from grader.desk.warm.messages import Broken, Finished, Job, Message, Ready, Result, Stuck, encode
from grader.errors import GraderError
from grader.judge.local import Patience, warm_up_optimizer
from grader.judge.plugin import run_suites, title_of
from grader.lab import EXERCISES, exercise_named

if TYPE_CHECKING:
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import TestResult

__all__ = ["main"]


def main() -> None:
    """Serve until the other side hangs up."""
    jobs, messages = _take_over_streams()
    bench = Bench(messages, Patience.of_call(float(sys.argv[1])))
    if sys.argv[2:] == ["optimizer"]:
        warm_up_optimizer()
    run_suites([each.public_checks for each in EXERCISES], lambda runner: bench.serve(runner, jobs))


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

    def __init__(self, messages: BinaryIO, patience: Patience) -> None:
        self._messages = messages
        self._patience = patience

    def serve(self, runner: SuiteRunner, jobs: BinaryIO) -> None:
        """Take jobs until there are no more."""
        self._tell(Ready({each.name: _titles(runner, each.name) for each in EXERCISES}))
        for line in jobs:
            self._tell(self._done(runner, msgspec.json.decode(line, type=Job)))

    def _done(self, runner: SuiteRunner, job: Job) -> Message:
        def told(result: TestResult) -> None:
            self._tell(Result(result))

        check = partial(check_file, runner, told=told, give_up=self._give_up)
        try:
            return Finished(check(exercise_named(job.exercise), Path(job.file), self._patience))
        except GraderError as error:  # the file is gone, the data are not what they should be
            return Broken(str(error))
        finally:
            sys.stdout.flush()

    def _tell(self, message: Message) -> None:
        self._messages.write(encode(message))

    def _give_up(self, limit_s: float) -> NoReturn:
        self._tell(Stuck(limit_s))
        os._exit(1)


def _titles(runner: SuiteRunner, name: str) -> tuple[tuple[str, str], ...]:
    checks = runner.suites.tests_of(exercise_named(name), public=True)
    return tuple((item.name, title_of(item)) for item in checks)


if __name__ == "__main__":
    main()
