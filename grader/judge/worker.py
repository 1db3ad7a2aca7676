"""A worker: a process that holds one pytest session and one sandbox, and grades what it is sent."""

from __future__ import annotations

import gc
import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.results.verdicts import ExerciseResult
    from grader.sandbox.command import Isolation
    from grader.sandbox.limits import Limits
    from grader.submissions import HandIn

__all__ = ["Broken", "Done", "Ready", "Task", "WorkerSettings", "run_worker"]


class WorkerSettings(msgspec.Struct, frozen=True):
    """What a worker is told once.

    Attributes:
        cores: the numbers of those that it, its sandbox and whatever runs there may use.
    """

    exercises: tuple[Exercise, ...]
    device: str
    isolation: Isolation
    limits: Limits
    cores: tuple[int, ...]


class Task(msgspec.Struct, frozen=True):
    """One submission to grade: exercise name to what was handed in for it."""

    student: str
    work: dict[str, HandIn]


class Ready(msgspec.Struct, frozen=True):
    """The worker has loaded torch, its suites and its sandbox."""


class Done(msgspec.Struct, frozen=True):
    """A submission is graded."""

    student: str
    results: tuple[ExerciseResult, ...]


class Broken(msgspec.Struct, frozen=True):
    """The worker can't work; the reason is one line."""

    reason: str


def run_worker(connection: Connection[Any, Any], settings: WorkerSettings) -> None:
    """Grade the tasks that come over a connection until it closes.

    The terminal's Ctrl-C is the engine's business; it ends its workers by SIGTERM.
    """
    from grader.errors import GraderError

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    os.sched_setaffinity(0, settings.cores)
    gc.disable()  # until all is loaded: that stays, and to look through it takes time
    try:
        _work(connection, settings)
    except GraderError as error:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        connection.send(Broken(str(error)))
    except (KeyboardInterrupt, EOFError, BrokenPipeError):
        pass
    os._exit(0)  # torch takes a second to leave, and nothing is left to do


def _interrupt(number: int, frame: object) -> None:
    """Leave by way of the context managers; pytest lets only this exception through."""
    del number, frame
    raise KeyboardInterrupt


def _work(connection: Connection[Any, Any], settings: WorkerSettings) -> None:
    from grader.sandbox.sandbox import Sandbox

    code, limits = settings.exercises[0].code, settings.limits
    disk = max(limits.of(each.limits).guest.disk_bytes for each in settings.exercises)
    with closing(Sandbox(settings.isolation, settings.device, limits, code, disk)) as sandbox:
        sandbox.launch()  # it loads torch while this process does
        import torch

        from grader.guest.eager import run_eagerly
        from grader.judge.grading import grade_submission
        from grader.judge.plugin import run_suites

        run_eagerly()
        torch.set_num_threads(1)  # a core is a worker's share; the tensors of a suite are small
        exercises = {each.name: each for each in settings.exercises}
        suites = [
            file for each in settings.exercises for file in (each.public_checks, each.hidden_suite)
        ]

        def serve(runner: SuiteRunner) -> None:
            gc.freeze()
            gc.enable()
            sandbox.start()
            connection.send(Ready())
            while True:
                task: Task = connection.recv()
                work = {exercises[name]: hand_in for name, hand_in in task.work.items()}
                results = grade_submission(sandbox, runner, work, settings.device)
                connection.send(Done(task.student, tuple(results)))

        run_suites(suites, serve)
