"""Run suites against a file in this process: for authors, and for a student's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from grader.guest.submission import Guest
from grader.guest.wire import Load, Loaded, Proceed, Raised, Reply, Request
from grader.judge.cells import error_of_cell, require_started, through
from grader.judge.plugin import SuiteRunner, run_suites
from grader.judge.student import refusal
from grader.sandbox.data import mnist_folder

if TYPE_CHECKING:
    from pathlib import Path

    from grader.errors import SubmissionError
    from grader.judge.student import Channel
    from grader.lab import Exercise
    from grader.verdicts import TestResult

__all__ = ["LocalAttempt", "run_locally"]


class LocalAttempt:
    """A file that is loaded into this process; no sandbox, no deadline."""

    def __init__(self, exercise: Exercise, file: Path, device: str = "cpu") -> None:
        self.device = device
        self.cell_error: SubmissionError | None = None
        self._name = file.name
        self._cells = exercise.cells
        self._guest = Guest()
        content, notebook = file.read_bytes(), file.suffix == ".ipynb"
        if b"torchvision" in content:  # which takes a second to import
            from grader.guest.datasets import provide_mnist

            provide_mnist(mnist_folder())
        stepwise = bool(exercise.cells)
        if stepwise:
            torch.set_num_threads(1)  # more would wait for each other: the batches are small
        request = Load(exercise.name, file.name, content, notebook, device, stepwise)
        self._loaded = self._guest.handle(request)

    def channel(self, cell: str = "") -> Channel:
        """Return what answers for the file."""
        if not isinstance(self._loaded, Loaded):
            raise refusal(self._loaded, f"`import {self._name}`")
        for each in through(cell, self._cells):
            reply = self._guest.handle(Proceed(each))
            self.cell_error = error_of_cell(reply, each)
        require_started(self.cell_error)
        return self

    def ask(self, request: Request) -> Reply:
        """Answer a request in this process; Ctrl-C is the user's, not the student's code's."""
        reply = self._guest.handle(request)
        if isinstance(reply, Raised) and reply.type_name == KeyboardInterrupt.__name__:
            raise KeyboardInterrupt
        return reply


def run_locally(
    exercise: Exercise, file: Path, *, hidden: bool = False, device: str = "cpu"
) -> list[TestResult]:
    """Run the public checks, or the hidden suite, of an exercise against a file in this process."""
    results: list[TestResult] = []

    def serve(runner: SuiteRunner) -> None:
        attempt = LocalAttempt(exercise, file, device)
        results.extend(runner.run(exercise, attempt, public=not hidden).results)

    run_suites([exercise.hidden_suite if hidden else exercise.public_checks], serve)
    return results
