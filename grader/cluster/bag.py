"""The submissions of a run that are not done, and which of them go to a worker together."""

from __future__ import annotations

from collections import deque
from operator import length_hint
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from grader.cluster.seats import Batch, Seat
    from grader.runs.jobs import Job

__all__ = ["Bag"]

BATCH_BYTES = 2**20  # a batch that has more gets no other submission
UNKNOWN = 100  # how many are taken to be left where that can't be known


class Bag:
    """Most of the submissions are not even read."""

    def __init__(self, jobs: Iterator[Job]) -> None:
        self._jobs = jobs
        self._back: deque[Job] = deque()
        self._lost_by: dict[Job, list[Seat]] = {}
        self._out = 0
        self._read = False

    def peek(self) -> bool:
        """Tell whether there is any; the first is read for that."""
        if not self._back and (first := self._unread()):
            self._back.append(first)
        return bool(self._back)

    def next(self, seat: Seat, fit: Collection[Seat], most: int) -> Batch:
        """Return what a worker gets next; nothing where there is nothing for it.

        What a worker has ended with goes alone, so that the next end is no other's fault.

        Args:
            seat: it gets none that it has lost, as long as another may get that.
            fit: all workers that can grade.
            most: how many it gets at once.
        """
        batch: list[Job] = []
        size = 0
        while len(batch) < most and size < BATCH_BYTES:
            job = self._returned(seat, fit, first=not batch) or self._unread()
            if job is None:
                break
            self._out += 1
            batch.append(job)
            size += _bytes_of(job)
            if job in self._lost_by:
                break
        return tuple(batch)

    def _returned(self, seat: Seat, fit: Collection[Seat], *, first: bool) -> Job | None:
        """Take the first of those that were put back and suit a worker."""
        suiting = (each for each in self._back if self._suits(each, seat, fit, first=first))
        job = next(suiting, None)
        if job is not None:
            self._back.remove(job)
        return job

    def _suits(self, job: Job, seat: Seat, fit: Collection[Seat], *, first: bool) -> bool:
        lost_by = self._lost_by.get(job)
        if not lost_by:
            return True
        return first and (seat not in lost_by or all(each in lost_by for each in fit))

    def _unread(self) -> Job | None:
        """Read the next of those that no worker has had."""
        job = next(self._jobs, None)
        self._read = job is None
        return job

    def put_back(self, batch: Batch) -> None:
        """Take those back that were not graded; they come first."""
        self._out -= len(batch)
        self._back.extendleft(reversed(batch))

    def lost_by(self, job: Job, seat: Seat) -> int:
        """Note that a worker has ended with one; return how many have."""
        self._lost_by.setdefault(job, []).append(seat)
        return len(self._lost_by[job])

    def done(self, job: Job) -> None:
        """Forget one that is graded."""
        self._out -= 1
        self._lost_by.pop(job, None)

    @property
    def left(self) -> int:
        """How many no worker has, at most."""
        return len(self._back) + (0 if self._read else length_hint(self._jobs, UNKNOWN))

    @property
    def empty(self) -> bool:
        """Whether all are done, as far as anybody has asked for one more."""
        return self._read and not self._out and not self._back


def _bytes_of(job: Job) -> int:
    files = (file for work in job.todo.values() for file in work.files)
    return sum(len(part.content) for file in files for part in file.files)
