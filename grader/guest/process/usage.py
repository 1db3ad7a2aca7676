"""What a submission uses while it runs: the sum over its processes, also where no cgroup is.

Memory that a process has inherited from the fork server and not written to since is the server's,
so it is the namespace's own memory that counts, each page once, less what the server had before.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.guest.process.limits import CPU, MEMORY, PROCESSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.guest.process.kept import Kept
    from grader.guest.process.limits import GuestLimits

__all__ = ["Usage", "resident", "waited_s"]

PAUSE_S = 0.05  # a submission that writes 1 GB/s gets 50 MB past its limit
SHARE = 10  # a look takes at most one part in so many of the time
TABLES = "VmPTE:"
TICKS = os.sysconf("SC_CLK_TCK")


class Usage:
    """Looks at what the processes of one submission use.

    Args:
        limits: what they may use.
        own_memory: what the fork server itself has, in bytes: see `resident`.
        kept: what it keeps that needs no process to be there, or nothing to look at.
        count: whether to count its processes, which the kernel does where it can.

    Attributes:
        pause_s: how long to wait before the next look.
    """

    def __init__(
        self, limits: GuestLimits, own_memory: int, kept: Kept | None, *, count: bool = False
    ) -> None:
        self._limits = limits
        self._kept = kept
        self._count = count
        self._own_memory = own_memory
        self._reaped_s = reaped_s()
        self.pause_s = PAUSE_S

    def exceeded(self, processes: Iterable[int]) -> int:
        """Return which limit some processes are over, 0 for none."""
        start = time.process_time()  # a clock counts what others had as well
        found = self._exceeded(list(processes))
        share = 1 if self._count else SHARE  # nothing else keeps their number from growing
        self.pause_s = max(PAUSE_S, share * (time.process_time() - start))
        return found

    def waited_s(self, process: int, processes: Iterable[int]) -> float:
        """Return how long one of some processes has waited for a core that others had."""
        return waited_s(process, processes, reaped_s() - self._reaped_s)

    def _exceeded(self, processes: list[int]) -> int:
        if self._count and sum(map(threads, processes)) > self._limits.processes:
            return PROCESSES
        room = self._limits.memory_bytes + self._own_memory
        if sum(map(resident, processes)) > room and self._memory(processes) > room:
            return MEMORY
        if sum(map(cpu_s, processes)) + reaped_s() - self._reaped_s > self._limits.cpu_s:
            return CPU
        return self.exceeded_by_what_stays()

    def exceeded_by_what_stays(self) -> int:
        """Return which limit is exceeded by what needs no process to be there, 0 for none.

        Files and sockets are made within a moment, and take no time to look at.
        """
        return self._kept.exceeded(self._limits) if self._kept else 0

    def _memory(self, processes: list[int]) -> int:
        """Count every page once: a page that n processes share is an n-th of each one's."""
        return sum(map(proportional, [os.getpid(), *processes]))


def resident(process: int) -> int:
    """Return how much memory of its own, or without a file, a process has in bytes.

    The tables that the kernel keeps of its memory are part of it.
    """
    return kilobytes(f"/proc/{process}/status", ("RssAnon:", "RssShmem:", TABLES))


def proportional(process: int) -> int:
    """Return the same, but of a shared page only its share; all of it where that is not told."""
    try:
        shared = kilobytes(f"/proc/{process}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:"))
        return shared + kilobytes(f"/proc/{process}/status", (TABLES,))
    except PermissionError:  # it has made itself unreadable
        return resident(process)


def kilobytes(path: str, names: tuple[str, ...]) -> int:
    """Return the sum of some lines of a file of /proc's in bytes; 0 once the process is gone."""
    try:
        lines = Path(path).read_text(encoding="ascii", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(names))


def cpu_s(process: int) -> float:
    """Return the CPU time of a process and of the children that it has waited for."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / TICKS


def waited_s(process: int, processes: Iterable[int], more_s: float = 0.0) -> float:
    """Return how long a process was ready to run while what is not the submission's did.

    Args:
        process: its first thread is meant.
        processes: those of the submission; what they took while it waited is its own doing.
        more_s: CPU time that the submission has had besides.
    """
    try:
        told = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0  # it has ended, or this kernel or this sandbox does not tell
    ran_s, delayed_s = (int(word) / 1e9 for word in told[:2])
    return max(0.0, delayed_s - (sum(map(cpu_s, processes)) + more_s - ran_s))


def reaped_s() -> float:
    """Return the CPU time of the children that this process has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def threads(process: int) -> int:
    """Return how many threads a process has."""
    try:
        return len(os.listdir(f"/proc/{process}/task"))
    except (FileNotFoundError, ProcessLookupError):
        return 0
