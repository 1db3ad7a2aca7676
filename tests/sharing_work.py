"""Work that processes share, for the tests: a new process imports this module."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["work"]


def work(items: Sequence[str], send: Callable[[object], None]) -> None:
    """Send each item back in capitals; some items end the process, or what it can do."""
    if "never begin" in items:
        os._exit(4)
    send(None)
    for item in items:
        if item == "end":
            os._exit(3)
        if item == "give up":
            raise InfrastructureError("there is no more paper")
        if item == "stay":
            _stay(send)
        send(item.upper())


def _stay(send: Callable[[object], None]) -> None:
    """Begin, and go on until the process is ended; what it was in is gone by then."""
    try:
        send("begun")
        signal.pause()
    finally:
        raise FileNotFoundError("the temporary folder")
