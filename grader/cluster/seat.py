"""What runs in a worker of a cluster: it proves that it can grade, and has its judges do so.

Nothing here knows Dask; what goes in and out are bytes.
"""

from __future__ import annotations

import pickle
import platform
import tempfile
import time
import uuid
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from grader.cluster.judges import JudgeLostError, Judges
from grader.cluster.order import Facts, Graded, Order, Proof
from grader.doctor import State, able_to_isolate, equipment
from grader.errors import GraderError, InfrastructureError
from grader.runs.devices import resolve_device

if TYPE_CHECKING:
    from grader.courses import Course
    from grader.judge.worker import Task
    from grader.sandbox.command import Isolation

__all__ = ["grade", "leave", "prove"]

WORKER = uuid.uuid4().hex  # a worker that was started again is another one

_judges: dict[bytes, Judges] = {}
_changing = Lock()


def prove(order: bytes, threads: int) -> bytes:
    """Try whether this worker can grade what is ordered; if so, make it ready.

    Args:
        order: an `Order`.
        threads: how many submissions it is to grade at once.

    Returns:
        A `Proof`.
    """
    try:
        problem = _problem(order, threads)
    except GraderError as error:
        problem = str(error)
    return msgspec.msgpack.encode(Proof(platform.node(), WORKER, problem))


def _problem(order: bytes, threads: int) -> str:
    told = msgspec.msgpack.decode(order, type=Order)
    course = told.found()
    settings = told.settings(course)
    unlike = Facts.here(settings.exercises).difference(told.facts)
    if unlike:
        return unlike
    resolve_device(told.device)
    if found := _lacking(course, told.isolation):
        return found
    with _changing:
        if order not in _judges:
            for before in [*_judges]:  # one run at a time has a worker's memory
                _judges.pop(before).stop()
            _judges[order] = Judges(settings, threads)
        judges = _judges[order]
    judges.start()
    return ""


def _lacking(course: Course, isolation: Isolation) -> str:
    """Return the first thing that this machine lacks, and how to get it; empty for none."""
    room = Path(tempfile.gettempdir())
    for check in chain(equipment(room, course), able_to_isolate(isolation)):
        if check.state is State.FAIL:
            return f"{check.what}: {check.found} ({check.mend})"
    return ""


def grade(order: bytes, worker: str, batch: bytes) -> bytes:
    """Have submissions graded, one after the other.

    Args:
        order: as it was proved.
        worker: which one has proved it; another process, at the same address, has not.
        batch: a list of `Task`, pickled.

    Returns:
        A list with a `Graded` for each.
    """
    judges = _judges.get(order) if worker == WORKER else None
    tasks: list[Task] = pickle.loads(batch)  # noqa: S301 - who sends it could send any function
    return msgspec.json.encode([_graded(judges, task) for task in tasks])


def _graded(judges: Judges | None, task: Task) -> Graded:
    if judges is None:
        return Graded(unfit="it was started again")
    start = time.monotonic()
    try:
        results = judges.grade(task)
    except JudgeLostError as error:
        return Graded(lost=f"{error} on {platform.node()}", took_s=time.monotonic() - start)
    except InfrastructureError as error:
        return Graded(unfit=str(error))
    return Graded(results, took_s=time.monotonic() - start)


def leave(order: bytes) -> bytes:
    """End what was made ready for an order; return nothing."""
    with _changing:
        judges = _judges.pop(order, None)
    if judges is not None:
        judges.stop()
    return b""
