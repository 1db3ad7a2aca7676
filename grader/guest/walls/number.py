"""How many processes a submission may have, where the kernel counts those of a user."""

from __future__ import annotations

import os
import resource
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.guest.process.limits import Walls

__all__ = ["most_processes", "processes_of_user"]

SPARE = 256  # what the rest of the user's may start meanwhile
HIGHEST = 2**22  # more processes than Linux has


def most_processes(walls: Walls, processes: int) -> int:
    """Return how many processes and threads the user may have for a submission to have some.

    A user of the sandbox's own has its keeper besides. Any other has whatever else it runs, which
    changes: there this bounds what can be started between two looks, and a look counts.
    """
    return processes + 1 if walls.own_user else walls.user_has + processes + SPARE


def processes_of_user() -> int:
    """Ask the kernel, which counts also those that no table shows: what limit prevents a fork?"""
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    low, high = 0, HIGHEST if hard == resource.RLIM_INFINITY else hard + 1
    try:
        while low + 1 < high:
            middle = (low + high) // 2
            resource.setrlimit(resource.RLIMIT_NPROC, (middle, hard))
            low, high = (low, middle) if _can_fork() else (middle, high)
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))
    return low


def _can_fork() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True
