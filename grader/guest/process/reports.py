"""What passes between the judge and the fork server, and what its reports say in words."""

from __future__ import annotations

import os
import signal
import struct
from typing import TYPE_CHECKING

from grader.guest.process.limits import CPU, words_of

if TYPE_CHECKING:
    from grader.guest.process.limits import GuestLimits

__all__ = [
    "CLEAN",
    "DELAY",
    "ENDED",
    "LOOK",
    "MAX_ORDER",
    "OVER",
    "READY",
    "REPORT",
    "START",
    "STOP",
    "WAITED",
    "WITHIN",
    "ended_in_words",
]

# judge to server: start a child (with its limits as JSON, and three lines), say how long it has
# waited for a core that others had, look whether its files and sockets are within the limits, end
# the submission
START, WAITED, LOOK, STOP = b"S", b"W", b"L", b"E"
MAX_ORDER = 1_024  # bytes
# loaded; child ended; nothing is left of it; over a limit; the answers to WAITED and LOOK
READY, ENDED, CLEAN, OVER, DELAY, WITHIN = range(1, 7)
REPORT = struct.Struct(">Bi")  # which, and: the child's wait status, the limit's number, or ms


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
