"""A process to try suites in: one core, bounded memory, and nobody who reads what is printed."""

from __future__ import annotations

import signal
import warnings
from contextlib import redirect_stderr, redirect_stdout
from os import devnull
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge.plugin import run_suites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.courses import Exercise
    from grader.judge.plugin import SuiteRunner

__all__ = ["in_a_room", "limit_cpu", "with_suites"]

MOST_BYTES = 8 * 2**30  # of memory, for a process: a mutant may want any number


def in_a_room(exercises: Iterable[Exercise], serve: Callable[[SuiteRunner], None]) -> None:
    """Collect the suites of exercises, and let `serve` run them within the limits of a process.

    The limits stay: the process is there for this.
    """
    import torch

    torch.set_num_threads(1)  # a core is a process's share; the tensors of a suite are small
    _limit_memory()
    with_suites(exercises, serve)


def with_suites(exercises: Iterable[Exercise], serve: Callable[[SuiteRunner], None]) -> None:
    """Collect the suites of exercises, and let `serve` run them; what they print is dropped."""
    files = [file for each in exercises for file in (each.hidden_suite, each.public_checks)]
    with (
        Path(devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # what is tried may warn
        run_suites(files, serve)


def limit_cpu(seconds: float) -> None:
    """Give the process so much CPU time until it is given some anew.

    It is ended by the system else, whatever it is at; where the system can't do that, it goes on.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    """Let memory end somewhere, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MOST_BYTES if hard == resource.RLIM_INFINITY else min(MOST_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
