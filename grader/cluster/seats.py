"""The workers of a cluster as a run sees them, and the submissions that they are at."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Collection, Iterator

    from grader.runs.jobs import Job

__all__ = ["Bag", "Seat", "Standing"]

AHEAD = 1  # submissions that wait at a worker, so that it need not


class Standing(Enum):
    """How far a worker is."""

    PROVING = auto()
    FIT = auto()
    LEFT_OUT = auto()


@dataclass(eq=False)
class Seat:
    """One worker.

    Attributes:
        name: what its cluster calls it.
        host: its machine's address, and from when it has told that, name.
        threads: how many submissions it grades at once.
        worker: what tells its process from one that has its address later.
        why: it is left out, if it is.
        at: what it was given, oldest first, with who waits for each.
    """

    address: str
    name: str
    host: str
    threads: int
    standing: Standing = Standing.PROVING
    worker: str = ""
    why: str = ""
    proving: Task[None] | None = None
    at: dict[Job, Task[None]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What people call it."""
        return f"{self.name} on {self.host}"

    @property
    def being_graded(self) -> list[Job]:
        """What it is at; the rest waits there."""
        return list(self.at)[: self.threads]

    def cancel(self) -> None:
        """Wait for nothing of it any more."""
        for task in (self.proving, *self.at.values()):
            if task is not None:
                task.cancel()


class Bag:
    """The submissions of a run that are not done: most of them are not even read."""

    def __init__(self, jobs: Iterator[Job]) -> None:
        self._jobs = jobs
        self._back: deque[Job] = deque()
        self._lost_by: dict[Job, list[Seat]] = {}
        self._out = 0
        self._read = False

    def next(self, seat: Seat, fit: Collection[Seat]) -> Job | None:
        """Return one for a worker, if there is one.

        Args:
            seat: it gets none that it has lost, as long as another may get that.
            fit: all workers that can grade.
        """
        job = next((each for each in self._back if self._suits(each, seat, fit)), None)
        if job is not None:
            self._back.remove(job)
        else:
            job = next(self._jobs, None)
            self._read = job is None
        self._out += job is not None
        return job

    def _suits(self, job: Job, seat: Seat, fit: Collection[Seat]) -> bool:
        lost_by = self._lost_by.get(job, ())
        return seat not in lost_by or all(each in lost_by for each in fit)

    def put_back(self, job: Job) -> None:
        """Take one back that was not graded; it comes first."""
        self._out -= 1
        self._back.appendleft(job)

    def lost_by(self, job: Job, seat: Seat) -> int:
        """Note that a worker has ended with one; return how many have."""
        self._lost_by.setdefault(job, []).append(seat)
        return len(self._lost_by[job])

    def done(self, job: Job) -> None:
        """Forget one that is graded."""
        self._out -= 1
        self._lost_by.pop(job, None)

    @property
    def empty(self) -> bool:
        """Whether all are done, as far as anybody has asked for one more."""
        return self._read and not self._out and not self._back
