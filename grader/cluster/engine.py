"""Grade on the workers of a Dask cluster; whichever come and go, nothing is lost or done twice.

Dask carries and knows who lives. Who grades what is decided here: a worker gets work when it has
proved that it can grade, just enough that it need not wait, and what it had when it ended goes to
others.
"""

from __future__ import annotations

import asyncio
import pickle
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.cluster import seat as in_worker
from grader.cluster.bag import Bag
from grader.cluster.connection import Connection, LostError
from grader.cluster.order import Graded, Order, Proof
from grader.cluster.seats import Seat, Standing
from grader.errors import InfrastructureError
from grader.judge.worker import Task
from grader.results.verdicts import fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.cluster.seats import Batch
    from grader.runs.engines.engine import Listener
    from grader.runs.jobs import Job

__all__ = ["DaskEngine"]

LOOKING_TIME_S = 1.0  # between two looks at who is there
LONG = 100  # workers, for which a look may take longer
PROVING_TIME_S = 600.0
LEAVING_TIME_S = 5.0
MOST_LOST = 3  # workers that may end with one submission


@dataclass(frozen=True)
class _Proved:
    """A worker has told whether it can grade; or the cluster has lost it."""

    seat: Seat
    proof: Proof | None


@dataclass(frozen=True)
class _Answered:
    """A worker has told what came of each submission of a batch; or the cluster has lost it."""

    seat: Seat
    batch: Batch
    graded: Sequence[Graded] | None


class DaskEngine:
    """Grades on a cluster.

    Args:
        order: what every worker is told.
        address: the scheduler's; empty for one of our own, with workers on this machine.
        workers: how many those are.
    """

    def __init__(self, order: Order, address: str = "", workers: int = 1) -> None:
        self._order = msgspec.msgpack.encode(order)
        self._connection = Connection(address, workers)
        self._loop = asyncio.new_event_loop()
        self._heard: asyncio.Queue[_Proved | _Answered] = asyncio.Queue()
        self._seats: dict[str, Seat] = {}
        self._main: asyncio.Task[None] | None = None
        self._waiting_told = False

    def grade(self, jobs: Iterator[Job], listener: Listener, *, alone: bool = False) -> None:
        """Give submissions to the workers that can grade, until all are done."""
        bag = Bag(jobs)
        if bag.peek():  # else no cluster is needed
            self._main = self._loop.create_task(self._grade(bag, listener, alone=alone))
            self._loop.run_until_complete(self._main)

    def stop(self) -> None:
        """Leave the cluster as it was; its workers stay."""
        if self._loop.is_closed():
            return
        if self._main is not None:
            self._main.cancel()  # after Ctrl-C it would go on
        with suppress(Exception):  # whatever is not there any more need not be told
            self._loop.run_until_complete(asyncio.wait_for(self._leave(), 4 * LEAVING_TIME_S))
        self._loop.close()

    async def _leave(self) -> None:
        fit = [seat for seat in self._seats.values() if seat.standing is Standing.FIT]
        for seat in self._seats.values():
            seat.cancel()
        leaving = [self._connection.do(seat.address, in_worker.leave, self._order) for seat in fit]
        with suppress(TimeoutError):
            told = asyncio.gather(*leaving, return_exceptions=True)
            await asyncio.wait_for(told, LEAVING_TIME_S)
        await self._connection.close()

    async def _grade(self, bag: Bag, listener: Listener, *, alone: bool) -> None:
        await self._connection.open()
        looked = 0.0
        while True:
            if time.monotonic() >= looked:
                await self._look(bag, listener)
                looked = time.monotonic() + max(LOOKING_TIME_S, len(self._seats) / LONG)
            self._hand_out(bag, listener, alone=alone)
            if bag.empty:
                return
            with suppress(TimeoutError):
                self._hear(await asyncio.wait_for(self._heard.get(), LOOKING_TIME_S), bag, listener)

    async def _look(self, bag: Bag, listener: Listener) -> None:
        """See who is there; what those have who are not goes to others."""
        there = await self._connection.workers()
        if there is None:
            return
        staying = {each for each, about in there.items() if about["status"] == "running"}
        for address in self._seats.keys() - staying:
            seat = self._seats[address]
            if address not in there:  # others leave in peace
                self._blame(seat, bag, listener)
            self._drop(seat, bag)
        for address in staying - self._seats.keys():
            about = there[address]
            seat = Seat(address, str(about["name"]), about["host"], about["nthreads"])
            self._seats[address] = seat
            seat.proving = self._loop.create_task(self._prove(seat))
        self._connection.call(in_worker.grade, bag.left)
        self._tell_who_waits(listener)

    def _tell_who_waits(self, listener: Listener) -> None:
        """Say that nobody is there.

        Raises:
            InfrastructureError: nobody who is there can grade.
        """
        if self._seats and not any(map(_is_hopeful, self._seats.values())):
            reasons = "; ".join(sorted({seat.why for seat in self._seats.values()}))
            raise InfrastructureError(
                f"no worker at {self._connection.address} can grade: {reasons}"
            )
        if not self._seats and not self._waiting_told:
            listener.note(f"Waiting for workers at {self._connection.address}.")
        self._waiting_told = not self._seats

    async def _prove(self, seat: Seat) -> None:
        try:
            done = self._connection.do(seat.address, in_worker.prove, self._order, seat.threads)
            answer = await asyncio.wait_for(done, PROVING_TIME_S)
            proof: Proof | None = msgspec.msgpack.decode(answer, type=Proof)
        except LostError:
            proof = None
        except TimeoutError:
            proof = Proof("", "", f"it did not say in {PROVING_TIME_S:.0f} s whether it can")
        except ModuleNotFoundError as error:
            proof = Proof("", "", f"it has no grader of this version ({error})")
        except Exception as error:  # noqa: BLE001 - whatever goes wrong there, it can't grade
            proof = Proof("", "", f"{type(error).__name__}: {error}")
        self._heard.put_nowait(_Proved(seat, proof))

    def _hand_out(self, bag: Bag, listener: Listener, *, alone: bool) -> None:
        """Give each worker what it has room for."""
        fit = [seat for seat in self._seats.values() if seat.standing is Standing.FIT]
        busy = {seat.host for seat in fit if seat.at}
        for seat in fit:
            room = seat.host not in busy if alone else seat.room
            for _ in range(room):
                batch = bag.next(seat, fit, 1 if alone else seat.batch_size)
                if not batch:
                    break
                busy.add(seat.host)
                for job in batch:
                    job.crowded = not alone
                    listener.begun(job)
                seat.at[batch] = self._loop.create_task(self._ask(seat, batch))

    async def _ask(self, seat: Seat, batch: Batch) -> None:
        tasks = pickle.dumps([Task(job.submission.student, job.todo) for job in batch])
        try:
            answer = await self._connection.do(
                seat.address, in_worker.grade, self._order, seat.worker, tasks
            )
            graded: Sequence[Graded] | None = msgspec.json.decode(answer, type=list[Graded])
        except LostError:
            graded = None
        except Exception as error:  # noqa: BLE001 - whatever goes wrong there, it can't grade
            said = Graded(lost=f"{type(error).__name__}: {error}", unfit=str(error))
            graded = [said] * len(batch)
        self._heard.put_nowait(_Answered(seat, batch, graded))

    def _hear(self, message: _Proved | _Answered, bag: Bag, listener: Listener) -> None:
        seat = message.seat
        if self._seats.get(seat.address) is not seat:
            return  # it was thought to be gone
        if isinstance(message, _Proved):
            if message.proof is None:
                self._drop(seat, bag)
            else:
                self._place(seat, message.proof, listener)
        elif message.graded is None:
            self._drop(seat, bag)
        elif seat.at.pop(message.batch, None):
            seat.learn([graded.took_s for graded in message.graded])
            for job, graded in zip(message.batch, message.graded, strict=True):
                self._take(seat, job, graded, bag, listener)

    def _place(self, seat: Seat, proof: Proof, listener: Listener) -> None:
        seat.worker, seat.host = proof.worker, proof.host or seat.host
        if proof.problem:
            self._leave_out(seat, proof.problem, listener)
        else:
            seat.standing = Standing.FIT

    def _leave_out(self, seat: Seat, problem: str, listener: Listener) -> None:
        """Say so, once."""
        if seat.standing is Standing.LEFT_OUT:
            return
        seat.standing = Standing.LEFT_OUT
        seat.why = f"{seat.shown}: {problem}"
        listener.note(f"The worker {seat.shown} can't grade and is left out: {problem}")

    def _take(self, seat: Seat, job: Job, graded: Graded, bag: Bag, listener: Listener) -> None:
        """Pass on what came of a submission, or have it graded elsewhere."""
        if graded.lost:
            self._lost(seat, job, bag, listener, graded.lost)
        elif graded.unfit:
            bag.put_back((job,))
        else:
            bag.done(job)
            listener.take(job, graded.results)
        if graded.unfit:
            self._leave_out(seat, graded.unfit, listener)

    def _lost(self, seat: Seat, job: Job, bag: Bag, listener: Listener, how: str) -> None:
        """Put back what a worker was at when it ended, unless that is the third."""
        if bag.lost_by(job, seat) < MOST_LOST:
            bag.put_back((job,))
            return
        reason = f"{MOST_LOST} workers ended while grading this; the last: {how}"
        bag.done(job)
        listener.take(job, [fault(name, reason) for name in job.todo])

    def _blame(self, seat: Seat, bag: Bag, listener: Listener) -> None:
        """Note what a worker was at when it ended, which may be the reason."""
        for batch in seat.being_graded:
            seat.at.pop(batch).cancel()
            for job in batch:
                self._lost(seat, job, bag, listener, f"{seat.shown} is gone")

    def _drop(self, seat: Seat, bag: Bag) -> None:
        """Forget a worker; what it has goes to others."""
        self._seats.pop(seat.address, None)
        seat.cancel()
        for batch in reversed([*seat.at]):
            bag.put_back(batch)
        seat.at.clear()


def _is_hopeful(seat: Seat) -> bool:
    return seat.standing is not Standing.LEFT_OUT
