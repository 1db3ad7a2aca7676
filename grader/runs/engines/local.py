"""Grade on this machine: one process for each of some jobs, all of which load torch once."""

from __future__ import annotations

import multiprocessing
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from grader.errors import InfrastructureError
from grader.judge.worker import Broken, Done, Ready, Task, WorkerSettings, run_worker
from grader.results.verdicts import fault
from grader.runs.devices import share_of_cores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from grader.runs.engines.engine import Listener
    from grader.runs.jobs import Job

__all__ = ["LocalEngine"]

JOINING_TIME_S = 10.0


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection[Any, Any]
    settings: WorkerSettings
    job: Job | None = None
    idle: bool = False


class LocalEngine:
    """Keeps as many processes as there are jobs.

    Args:
        settings: what each is told; its share of the cores is added.
        jobs: how many submissions are graded at once.
    """

    def __init__(self, settings: WorkerSettings, jobs: int) -> None:
        self._settings = settings
        self._jobs = jobs
        self._workers: list[_Worker] = []

    def grade(self, jobs: Iterator[Job], listener: Listener, *, alone: bool = False) -> None:
        """Keep the workers busy until every submission is done; the first ones start them."""
        if not self._workers:
            first = list(islice(jobs, 1 if alone else self._jobs))
            jobs = chain(first, jobs)
            for place in range(len(first)):
                cores = share_of_cores(place, len(first))
                self._workers.append(self._start(replace(self._settings, cores=cores)))
        else:
            for worker in self._workers[: 1 if alone else None]:
                self._hand_out(worker, jobs, listener)
        self._listen(jobs, listener)

    def _listen(self, waiting: Iterator[Job], listener: Listener) -> None:
        """Hear what workers say, and give them what is waiting, until all are idle."""
        while busy := [worker for worker in self._workers if not worker.idle]:
            heard = wait([worker.connection for worker in busy])
            for worker in busy:
                if worker.connection in heard:
                    self._hear(worker, waiting, listener)

    def _start(self, settings: WorkerSettings) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=run_worker, args=(theirs, settings), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, settings)

    def _hear(self, worker: _Worker, waiting: Iterator[Job], listener: Listener) -> None:
        try:
            message: Ready | Done | Broken = worker.connection.recv()
        except (EOFError, OSError):
            self._replace(worker, listener)
            return
        match message:
            case Broken():
                raise InfrastructureError(message.reason)
            case Done() if worker.job is not None:
                listener.take(worker.job, message.results)
            case _:
                pass
        self._hand_out(worker, waiting, listener)

    def _hand_out(self, worker: _Worker, waiting: Iterator[Job], listener: Listener) -> None:
        """Give a worker the next submission; note who is not alone from now on."""
        worker.job = next(waiting, None)
        worker.idle = worker.job is None
        if worker.job is None:
            return
        busy = [each for each in self._workers if not each.idle]  # one that starts is busy, too
        for each in busy:
            if each.job is not None and len(busy) > 1:
                each.job.crowded = True
        listener.begun(worker.job)
        with suppress(OSError):  # it is gone, which is heard next
            worker.connection.send(Task(worker.job.submission.student, worker.job.todo))

    def _replace(self, worker: _Worker, listener: Listener) -> None:
        """Start another worker for one that died; what it was grading is a fault of ours."""
        if worker.job is None:
            raise InfrastructureError("a worker process ended before it could grade anything")
        reason = (
            f"the worker process ended (exit code {worker.process.exitcode}) while grading this"
        )
        listener.take(worker.job, [fault(name, reason) for name in worker.job.todo])
        self._workers[self._workers.index(worker)] = self._start(worker.settings)

    def stop(self) -> None:
        """End every worker and what it has started."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(JOINING_TIME_S)
            if worker.process.is_alive():
                worker.process.kill()
            worker.connection.close()
        self._workers.clear()
