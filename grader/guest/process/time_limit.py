"""A time limit that stops a cell and leaves what it has done.

The judge has a limit of its own, which ends the process. This one comes a little before it, so that
the names that are there by then can still be looked at. Code that catches everything may go on.
Both leave out the time in which the code waited for a core that others had.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.crossing.wire import Raised

__all__ = ["OutOfTimeError", "is_out_of_time", "time_limit"]

LEAST_S = 0.02  # of waiting: less is the clock's


class OutOfTimeError(BaseException):
    """The time is used up; no `except Exception` stops it."""


def is_out_of_time(raised: Raised | None) -> bool:
    """Whether a cell was stopped, or says so itself."""
    return raised is not None and raised.type_name == OutOfTimeError.__name__


@contextmanager
def time_limit(time_s: float) -> Iterator[None]:
    """Raise OutOfTimeError in what runs inside once the time is up; 0 for no limit.

    POSIX and the main thread only.
    """
    if not time_s:
        yield
        return
    before = signal.signal(signal.SIGALRM, _Alarm())
    signal.setitimer(signal.ITIMER_REAL, time_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Alarm:
    """Stops what runs, unless it has waited for others meanwhile: then once that is made up for."""

    def __init__(self) -> None:
        self._waited_s = own_waiting_s()

    def __call__(self, *_: object) -> None:
        before, self._waited_s = self._waited_s, own_waiting_s()
        more_s = self._waited_s - before
        if more_s < LEAST_S:
            raise OutOfTimeError(
                "its time was up, so it was stopped; what it had done by then counts"
            )
        signal.setitimer(signal.ITIMER_REAL, more_s)


def own_waiting_s() -> float:
    """Return how long this process has waited for what is not the submission's."""
    from grader.guest.process.cleaning import (
        Processes,  # a student's own machine may lack what these use
    )
    from grader.guest.process.usage import waited_s

    own = os.getpid()
    try:
        return waited_s(own, Processes(alone=True, swept=True).all())
    except PermissionError:  # the table is the machine's, and shown to no submission
        return waited_s(own, [own])
