"""A limit for code of the student's own that runs in this process, on any system.

No process is ended here: a second thread asks Python for what Ctrl-C does, a KeyboardInterrupt in
the main thread. So an endless loop is told with the line that it hangs in. What can't be
interrupted (a loop that catches everything, a call that never comes back from C) is given up.
"""

from __future__ import annotations

import math
import signal
import threading
from _thread import interrupt_main
from typing import TYPE_CHECKING, TypeVar

from grader.sandbox.patience import STEP_S, Patience

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

__all__ = ["Deadline"]

T = TypeVar("T")

STRIKES = 3  # interruptions that code may survive: a notebook's cells are stopped one by one
AGAIN_S = 1.0  # until the next one


class Deadline:
    """Runs one function for a limited time. Main thread only.

    Attributes:
        struck: whether the time was up.
    """

    def __init__(self, limit_s: float, give_up: Callable[[], None]) -> None:
        self.struck = False
        self._limit_s = limit_s
        self._give_up = give_up
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._pending = False

    def run(self, function: Callable[[], T]) -> T | None:
        """Call a function; return what it gives, or None where it was interrupted.

        Raises:
            KeyboardInterrupt: the user's own Ctrl-C came through.
        """
        if math.isinf(self._limit_s):
            return function()

        def inside() -> T:
            return function()

        before = signal.signal(signal.SIGINT, self._handler(inside.__code__))
        threading.Thread(target=self._watch, daemon=True).start()
        try:
            return inside()
        except KeyboardInterrupt:
            if not self.struck:
                raise
            return None
        finally:
            self._end()
            signal.signal(signal.SIGINT, before)

    def _handler(self, code: CodeType) -> Callable[[int, FrameType | None], None]:
        """Return what hears an interruption, and lets it through where it is meant."""

        def heard(number: int, frame: FrameType | None) -> None:
            pending, self._pending = self._pending, False
            if not pending or _is_inside(code, frame):
                signal.default_int_handler(number, frame)

        return heard

    def _end(self) -> None:
        with self._lock:  # from here on nothing is interrupted any more
            self._over.set()
        while self._pending:
            pass  # what was asked for and has not come yet is heard here

    def _watch(self) -> None:
        for strike in range(STRIKES):
            if self._is_over_within(AGAIN_S if strike else self._limit_s):
                return
            with self._lock:
                if self._over.is_set():
                    return
                self.struck = self._pending = True
                interrupt_main()
        if not self._is_over_within(AGAIN_S):
            self._give_up()

    def _is_over_within(self, time_s: float) -> bool:
        """Wait for the end of what runs, and longer where the machine has stood still meanwhile."""
        patience = Patience(time_s)
        while (left_s := patience.left_s()) > 0:
            if self._over.wait(min(left_s, STEP_S)):
                return True
        return self._over.is_set()


def _is_inside(code: CodeType, frame: FrameType | None) -> bool:
    """Whether a frame is of this code, or was called from there."""
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False
