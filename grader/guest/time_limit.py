"""A time limit that stops a cell and leaves what it has done.

The judge has a limit of its own, which ends the process. This one comes a little before it, so that
the names that are there by then can still be looked at. Code that catches everything may go on.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.wire import Raised

__all__ = ["OutOfTimeError", "is_out_of_time", "time_limit"]


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
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, time_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(*_: object) -> None:
    raise OutOfTimeError("its time was up, so it was stopped; what it had done by then counts")
