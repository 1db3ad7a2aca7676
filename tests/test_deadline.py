"""Tests of the limit for a student's own code in this process."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from lab_notebooks import notebook
from the_lab import exercise_named

from grader.asking.student import Conversation, Student
from grader.courses.limits import TIMES
from grader.errors import StudentTimeout
from grader.judge.deadline import Deadline
from grader.judge.local import LocalAttempt
from grader.judge.plugin import run_suites
from grader.sandbox import patience
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import TestResult

QUICK = Limits(load_s=0.2, call_s=0.2, call_after_timeout_s=0.1)
PATIENCE_S = 20.0  # a busy machine does in it what takes a second
LOOP = "def descend(start):\n    while True:\n        start += 1\n"


def never() -> None:
    """Fail: what runs is not to be given up."""
    raise AssertionError


def attempt(folder: Path, code: str, name: str = "ex07_descent.py") -> LocalAttempt:
    """Load a file with short limits."""
    file = folder / name
    file.write_text(code, encoding="utf-8")
    return LocalAttempt(exercise_named("ex07"), file, limits=QUICK)


def test_an_endless_loop_is_told_with_its_line(tmp_path: Path) -> None:
    """It is interrupted, and the next call has less time."""
    student = Student(Conversation(attempt(tmp_path, LOOP).channel(), reveals=True, seed=0))
    with pytest.raises(StudentTimeout, match=r"more than 0.2 s(.|\n)*ex07_descent.py:[23]") as told:
        student.descend(1)
    assert told.value.line in {2, 3}

    with pytest.raises(StudentTimeout, match=r"more than 0.1 s"):
        student.descend(1)


def test_a_file_that_never_ends_loading_is_told_with_its_line(tmp_path: Path) -> None:
    """Every question about it has the same answer, and it is loaded once."""
    loop = attempt(tmp_path, "while True:\n    pass\n")

    for _ in range(2):
        with pytest.raises(StudentTimeout, match=r"import ex07_descent.py(.|\n)*py:[12]"):
            loop.channel()


def test_nothing_is_interrupted_after_its_end() -> None:
    """The main thread goes on in peace, also where the time was up in the last moment."""
    before = signal.getsignal(signal.SIGINT)
    for _ in range(300):
        Deadline(1e-4, never).run(lambda: sum(range(2000)))
    sum(range(10_000))

    assert signal.getsignal(signal.SIGINT) is before


def test_what_catches_every_interruption_is_given_up() -> None:
    """The second thread says so, since the first does not listen."""
    given_up: list[bool] = []

    def stubborn() -> None:
        while not given_up:
            with suppress(KeyboardInterrupt):
                while not given_up:
                    pass

    deadline = Deadline(0.01, lambda: given_up.append(True))
    deadline.run(stubborn)

    assert deadline.struck


def test_time_in_which_the_machine_stood_still_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A laptop that was paused for a minute has let no code run."""
    looks, minutes = [0.0], 0

    def clock() -> float:
        looks.append(time.monotonic() + 60 * minutes)
        return looks[-1]

    def paused() -> str:
        nonlocal minutes
        while len(looks) < 4:
            pass  # until the second thread waits
        minutes = 1
        before = len(looks)
        while len(looks) < before + 4:
            pass
        return "done"

    monkeypatch.setattr(patience, "monotonic", clock)

    assert Deadline(PATIENCE_S, never).run(paused) == "done"


def test_ctrl_c_is_the_users_own() -> None:
    """It goes through, and nothing is said to have taken too long."""
    deadline = Deadline(60.0, never)
    with pytest.raises(KeyboardInterrupt):
        deadline.run(lambda: signal.raise_signal(signal.SIGINT))

    assert not deadline.struck


def test_a_cell_that_was_stopped_is_told_in_every_test(tmp_path: Path) -> None:
    """What it raised is an interruption, and no Ctrl-C of the user's."""
    cells = [("lab-model", "model = criterion = optimizer = None"), ("lab-training", "while 1: 1")]
    file = tmp_path / "lab_training.ipynb"
    file.write_bytes(notebook(*cells))
    lab = exercise_named("lab_training")
    results: list[TestResult] = []

    def serve(runner: SuiteRunner) -> None:
        limits = Limits(load_s=0.5, call_s=0.5, fixed=TIMES)
        results.extend(runner.run(lab, LocalAttempt(lab, file, limits=limits), public=True).results)

    run_suites([lab.public_checks], serve)

    assert len(results) == 6
    assert [each for each in results if "exceeded its time limit" in each.message.text]
