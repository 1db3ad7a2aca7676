"""The scheduler of a cluster: who reaches it sees its workers, and has one do something."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, LocalCluster
from distributed.client import FutureCancelledError

from grader.errors import InfrastructureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Connection", "LostError"]

CONNECTING_TIME_S = 15.0
PATIENCE_S = 20.0  # with a scheduler that does not answer
ENDING_TIME_S = 5.0
SILENT_TIME_S = 60.0  # a worker tells the scheduler of itself every few seconds
MOST_CALLS = 1000  # of half a second each, they call for a hundred workers
NOBODY_HAS = {"submissions that are not read": 1}


class LostError(Exception):
    """The scheduler is not there; it may come back."""


class Connection:
    """A connection to a scheduler.

    Args:
        address: the scheduler's; empty for one of our own, with workers on this machine.
        workers: how many it has then.
    """

    def __init__(self, address: str, workers: int) -> None:
        self._address = address
        self._count = workers
        self._cluster: LocalCluster | None = None
        self._client: Client | None = None
        self._heard = time.monotonic()
        self._calls: list[Any] = []

    async def open(self) -> None:
        """Reach the scheduler, unless it is reached.

        Raises:
            InfrastructureError: nothing answers there.
            UsageError: that is no address.
        """
        if self._client is not None:
            return
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what counts, we say
        # a worker that dies while it is asked leaves tasks of the client's that nobody awaits
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"})
        if not self._address:
            self._cluster = await LocalCluster(
                n_workers=self._count,
                threads_per_worker=1,
                memory_limit=0,  # what takes memory are judges, which are no workers
                dashboard_address=None,
                asynchronous=True,
            )
            self._address = str(self._cluster.scheduler_address)
        try:
            self._client = await Client(
                self._address, asynchronous=True, timeout=CONNECTING_TIME_S, set_as_default=False
            )
        except ValueError as error:
            raise UsageError(f"{self._address!r} is no address of a scheduler: {error}") from error
        except (OSError, TimeoutError) as error:
            raise InfrastructureError(
                f"no Dask scheduler answers at {self._address} ({_line(error)}): start one with "
                "`dask scheduler`, or pass the address that it prints"
            ) from error
        self._heard = time.monotonic()

    async def workers(self) -> dict[str, dict[str, Any]] | None:
        """Return what the scheduler knows of each worker that is not silent, by address.

        Returns:
            None where the scheduler does not answer just now.

        Raises:
            InfrastructureError: it has not answered for a while.
        """
        try:
            asked: Any = self._running().scheduler
            info = await asyncio.wait_for(asked.identity(n_workers=-1), PATIENCE_S)
        except (LostError, OSError, TimeoutError) as error:
            self._complain(error)
            return None
        self._heard = time.monotonic()
        everybody: dict[str, dict[str, Any]] = info["workers"]
        newest = max((each["last_seen"] for each in everybody.values()), default=0)
        return {
            address: each
            for address, each in everybody.items()
            if newest - each["last_seen"] < SILENT_TIME_S
        }

    def _running(self) -> Client:
        if self._client is None or self._client.status != "running":
            raise LostError("the connection is closed")
        return self._client

    def _complain(self, error: Exception) -> None:
        """Have patience, for a while."""
        if time.monotonic() - self._heard > PATIENCE_S:
            raise InfrastructureError(
                f"the Dask scheduler at {self._address} is gone ({_line(error)}); what is graded "
                "is kept: run the same command again when it is back"
            ) from error

    def call(self, function: Callable[..., object], count: int) -> None:
        """Let the scheduler see how often something will be asked for, as far as it need know.

        An adaptive cluster has as many workers as there is work for, by how long that took
        before. What stands for it in the scheduler is never run: it wants what no worker has.
        """
        count = min(count, MOST_CALLS)
        self._calls = [each for each in self._calls if each.status == "pending"]
        more = count - len(self._calls)
        if more > 0 and self._client is not None and self._client.status == "running":
            self._calls += self._client.map(
                function, [None] * more, pure=False, resources=NOBODY_HAS
            )
        for future in self._calls[count:]:
            future.release()
        del self._calls[count:]

    async def do(self, worker: str, function: Callable[..., bytes], *values: object) -> bytes:
        """Have one worker, by its address, do something; return what it gives.

        Whoever waits no longer takes the order back.

        Raises:
            LostError: the scheduler is not there just now, or was started again.
            Exception: whatever was raised there.
        """
        future = self._running().submit(
            function, *values, workers=[worker], allow_other_workers=False, pure=False
        )
        try:
            answer: Any = future.result()
            return bytes(await answer)
        except FutureCancelledError as error:
            raise LostError(str(error)) from error
        finally:
            future.release()

    async def close(self) -> None:
        """Leave the scheduler; end it, if it is our own."""
        if self._client is not None:
            await asyncio.wait_for(self._client.close(ENDING_TIME_S), 2 * ENDING_TIME_S)
        if self._cluster is not None:
            closing: Any = self._cluster.close(ENDING_TIME_S)
            await closing
        self._client = self._cluster = None

    @property
    def address(self) -> str:
        """Where it is."""
        return self._address


def _line(error: Exception) -> str:
    """Return what an error says in a line."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
