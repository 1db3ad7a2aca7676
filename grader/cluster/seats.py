"""The workers of a cluster as a run sees them, and how much each of them is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Sequence

    from grader.runs.jobs import Job

__all__ = ["Batch", "Seat", "Standing"]

AHEAD = 1  # batches that wait at a worker, so that it need not
BATCH_S, MOST = 0.5, 16  # what a batch should take, and the most submissions in it

Batch: TypeAlias = "tuple[Job, ...]"


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
        at: what it was given, oldest first, with who waits for it.
        pace_s: how long a submission takes there, lately.
    """

    address: str
    name: str
    host: str
    threads: int
    standing: Standing = Standing.PROVING
    worker: str = ""
    why: str = ""
    proving: Task[None] | None = None
    at: dict[Batch, Task[None]] = field(default_factory=dict)
    pace_s: float = BATCH_S

    @property
    def shown(self) -> str:
        """What people call it."""
        return f"{self.name} on {self.host}"

    @property
    def being_graded(self) -> list[Batch]:
        """What it is at; the rest waits there."""
        return list(self.at)[: self.threads]

    @property
    def room(self) -> int:
        """How many more batches it should have."""
        return self.threads + AHEAD - len(self.at)

    @property
    def batch_size(self) -> int:
        """How many submissions go there at once: one, unless they take next to no time."""
        return int(BATCH_S / max(self.pace_s, BATCH_S / MOST)) or 1

    def learn(self, took_s: Sequence[float]) -> None:
        """Note how long each of a batch took; slow ones count at once, fast ones by and by."""
        mean_s = sum(took_s) / len(took_s)
        self.pace_s = max(mean_s, (self.pace_s + mean_s) / 2)

    def cancel(self) -> None:
        """Wait for nothing of it any more."""
        for task in (self.proving, *self.at.values()):
            if task is not None:
                task.cancel()
