"""Run suites against a file in this process: for authors, and for a student's own code."""

from __future__ import annotations

import os
import sys
from contextlib import chdir, contextmanager
from typing import TYPE_CHECKING

import msgspec
import torch

from grader.asking.refusals import ask_in_words, refusal
from grader.courses.code.shared_modules import shared_modules
from grader.courses.files import home_of
from grader.errors import MissingWork, SubmissionError
from grader.guest.causes import CAUSES
from grader.guest.crossing.wire import Load, Loaded, Proceed, Raised, Reply, Request
from grader.guest.eager import import_torchvision, run_eagerly
from grader.guest.process.time_limit import OutOfTimeError
from grader.guest.submission import Guest
from grader.judge.cells import CellEnd, cell_end, run_through
from grader.judge.deadline import Deadline
from grader.judge.loading.neighbours import (
    empty_folder,
    modules_beside,
    remove_empty_folders,
    without_neighbours,
)
from grader.judge.loading.on_disk import Work, read_used, show_data, used_beside, work_at
from grader.judge.loading.requests import with_given
from grader.judge.plugin import SuiteRunner, run_suites
from grader.sandbox.failures import GuestTimeoutError
from grader.sandbox.limits import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from grader.asking.refusals import Channel
    from grader.courses import Exercise
    from grader.courses.code.course_code import CourseCode
    from grader.results.verdicts import TestResult
    from grader.sandbox.limits import Limits

__all__ = [
    "InProcess",
    "LocalAttempt",
    "end_the_process",
    "run_locally",
]


def end_the_process(limit_s: float) -> None:
    """End this process: what runs in it can't be interrupted, and not by Ctrl-C either."""
    sys.stdout.flush()
    print(
        f"grader: your code still runs after {limit_s:.3g} s, and can't be interrupted.",
        "Is there a loop that never ends, with an `except` in it that catches everything?",
        file=sys.stderr,
        flush=True,
    )
    remove_empty_folders()
    os._exit(1)


class InProcess:
    """Answers requests in this process, within limits.

    `give_up` ends the process when the student's code is over its limit and can't be interrupted.
    `home` is the folder of what is loaded, without the modules in it and in an empty folder, as it
    is graded; None where it is loaded already.

    Attributes:
        folder: that empty folder, if there is one.
    """

    def __init__(
        self,
        guest: Guest,
        limits: Limits,
        give_up: Callable[[float], None] = end_the_process,
        home: Path | None = None,
    ) -> None:
        self._guest = guest
        self._limits = limits
        self._limit_s = limits.call_s
        self._has_stopped = False
        self._give_up = give_up
        self._home = home
        self.folder = empty_folder(self) if home else None

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Run code where nothing lies beside it; what it leaves there is there the next time."""
        if self._home and self.folder:
            with without_neighbours(self._home), chdir(self.folder):
                yield
        else:
            yield

    def ask_to_load(self, request: Request, call: str) -> Reply:
        """Ask for a file to be loaded, in the time that there is for that.

        Raises:
            SubmissionError: no reply came.
        """
        limit_s, self._limit_s = self._limit_s, self._limits.load_s
        try:
            return ask_in_words(self, request, call)
        finally:
            self._limit_s = min(limit_s, self._limit_s)

    def ask(self, request: Request) -> Reply:
        """Answer a request; Ctrl-C is the user's, not the student's code's.

        Raises:
            GuestTimeoutError: it took too long, and was interrupted.
        """
        deadline = Deadline(self._limit_s, lambda: self._give_up(self._limit_s))
        with self._apart():
            reply = deadline.run(lambda: self._guest.handle(request))
        raised = reply.failed if isinstance(reply, Loaded) else reply
        interrupted = isinstance(raised, Raised) and raised.type_name == KeyboardInterrupt.__name__
        if deadline.struck:
            limit_s, self._limit_s = self._limit_s, self._limits.call_after_timeout_s
            if isinstance(reply, Loaded) and isinstance(raised, Raised):
                self._has_stopped = True
                return stopped(reply, raised)
            at = raised if isinstance(raised, Raised) else Raised("", "")
            raise GuestTimeoutError(limit_s, at.where, at.code, at.line)
        if isinstance(reply, Loaded) and reply.failed and interrupted and self._has_stopped:
            return stopped(
                reply, reply.failed
            )  # what a cell raised is told whenever it is asked for
        if interrupted or reply is None:
            raise KeyboardInterrupt
        return reply


def stopped(reply: Loaded, raised: Raised) -> Loaded:
    """Return a reply that says of a notebook's cell that its time was up; what it left counts."""
    out_of_time = msgspec.structs.replace(raised, type_name=OutOfTimeError.__name__)
    return msgspec.structs.replace(reply, failed=out_of_time)


class LocalAttempt:
    """A file that is loaded into this process; no sandbox.

    Its code has limits of time only where `limits` sets some.

    Attributes:
        notes: sentences about how it was loaded.

    Raises:
        OSError: it can't be read.
    """

    def __init__(
        self,
        exercise: Exercise,
        file: Path,
        device: str = "cpu",
        limits: Limits = UNLIMITED,
        give_up: Callable[[float], None] = end_the_process,
        used: Iterable[tuple[Exercise, Path]] | None = None,
    ) -> None:
        self.device = device
        self.cell_error: SubmissionError | None = None
        self.discretion = None
        self._name = exercise.entry or file.name
        self._cells = exercise.cells
        self._lost: dict[str, SubmissionError] = {}
        home, work = home_of(file, exercise.files), work_at(exercise, file)
        self.notes: tuple[str, ...] = work.notes
        self._process = InProcess(Guest(), limits.of(exercise.limits), give_up, home)
        if self._process.folder:
            show_data(exercise, self._process.folder)
        _prepare(exercise.code, work.all_content)
        if exercise.cells:
            torch.set_num_threads(1)  # more would wait for each other: the batches are small
        if work.lacking:
            self._lost[""] = MissingWork(work.lacking)
            return
        used = used_beside(exercise, home) if used is None else used
        self._load(self._request(exercise, file, work, used))

    def _request(
        self, exercise: Exercise, file: Path, work: Work, used: Iterable[tuple[Exercise, Path]]
    ) -> Load:
        return Load(
            exercise.name,
            self._name,
            work.content,
            file.suffix == ".ipynb",
            self.device,
            stepwise=bool(exercise.cells),
            beside=modules_beside(file, work.all_content),
            switched_off=exercise.switched_off,
            instead=exercise.instead,
            parts=work.parts,
            entry=exercise.entry,
            modules=with_given(exercise, read_used(used)),
        )

    def _load(self, request: Load) -> None:
        call = f"`import {self._name}`"
        try:
            reply = self._process.ask_to_load(request, call)
        except SubmissionError as error:
            self._lost[""] = error
            return
        self._take_notes(reply)
        if not isinstance(reply, Loaded):
            self._lost[""] = refusal(reply, call)

    def _take_notes(self, reply: Reply) -> None:
        if isinstance(reply, Loaded):
            self.notes = tuple(dict.fromkeys((*self.notes, *reply.notes)))

    def channel(self, cell: str = "") -> Channel:
        """Return what answers for the file.

        Raises:
            SubmissionError: it could not be loaded, or not run up to the cell.
        """
        self._require("")
        self.cell_error = run_through(cell, self._cells, self._proceed)
        return self._process

    def _require(self, part: str) -> None:
        if part in self._lost:
            raise self._lost[part]

    def _proceed(self, cell: str) -> CellEnd:
        self._require(cell)
        call = f"Running {self._name} up to the cell `{cell}`"
        try:
            reply = self._process.ask_to_load(Proceed(cell), call)
            self._take_notes(reply)
            return cell_end(reply, self._cells.index(cell) + 1)
        except SubmissionError as error:
            self._lost[cell] = error
            raise


def _prepare(course: CourseCode, content: bytes) -> None:
    """Have ready what code may use; what it does not use costs nothing."""
    run_eagerly()
    if b"torchvision" in content:
        import_torchvision()
    with shared_modules(course.folder):
        course.prepare_for(content)
        CAUSES.ask(course.hooks.cause)


def run_locally(
    exercise: Exercise,
    file: Path,
    *,
    hidden: bool = False,
    reference: bool = False,
    device: str = "cpu",
) -> list[TestResult]:
    """Run the public checks, or the hidden suite, of an exercise against a file in this process.

    What the reference solution gets wrong (`reference`) is a fault of the suite's.
    """
    results: list[TestResult] = []

    def serve(runner: SuiteRunner) -> None:
        attempt = LocalAttempt(exercise, file, device)
        results.extend(
            runner.run(exercise, attempt, public=not hidden, reference=reference).results
        )

    run_suites([exercise.hidden_suite if hidden else exercise.public_checks], serve)
    return results
