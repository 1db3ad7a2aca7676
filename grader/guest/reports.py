"""What passes between the judge and the fork server, and what its reports say in words."""

from __future__ import annotations

import os
import signal
import struct
from typing import TYPE_CHECKING

from grader.guest.limits import CPU, words_of

if TYPE_CHECKING:
    from grader.guest.limits import GuestLimits

__all__ = ["CLEAN", "ENDED", "OVER", "READY", "REPORT", "START", "STOP", "ended_in_words"]

START, STOP = b"S", b"E"  # judge to server: start a child (with three lines), end the submission
READY, ENDED, CLEAN, OVER = 1, 2, 3, 4  # loaded; child ended; nothing is left of it; over a limit
REPORT = struct.Struct(">Bi")  # what happened, and the child's wait status or the limit's number


def ended_in_words(kind: int, status: int, limits: GuestLimits) -> str:
    """Say how a child came to its end, as the rest of a sentence about its process."""
    if kind == OVER:
        return f"used more than {words_of(status, limits)} and was ended"
    if kind != ENDED:
        return "closed its answers"
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"ended itself with exit code {code}"
    if -code == signal.SIGXCPU:
        return f"used more than {words_of(CPU, limits)} and was ended"
    try:
        return f"was ended by signal {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal, which has no name
        return f"was ended by signal {-code}"
