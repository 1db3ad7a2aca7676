"""Share work among processes that each load torch once; one that ends loses what it was at."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from grader.errors import GraderError, InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Generator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["Lost", "shared"]

Item = TypeVar("Item")
JOINING_TIME_S = 10.0

# Does items one by one, and sends what came of each; before the first, None: it can begin.
Work = Callable[[Sequence[Item], Callable[[object], None]], None]


@dataclass(frozen=True)
class Lost:
    """What came of an item at which a process ended.

    Attributes:
        exit_code: the process's.
    """

    exit_code: int | None


@dataclass(frozen=True)
class _Broken:
    """A process can't work; the reason is one line."""

    reason: str


@dataclass
class _Worker(Generic[Item]):
    """A process and the items that it has yet to do, the next one first."""

    work: Work[Item]
    left: list[Item]
    connection: Connection[Any, Any] = field(init=False)
    process: BaseProcess = field(init=False)
    ready: bool = False

    def start(self) -> None:
        """Start, or start again, with what is left."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe(duplex=False)
        self.process = context.Process(
            target=_run, args=(theirs, self.work, self.left), daemon=True
        )
        self.process.start()
        theirs.close()
        self.ready = False

    def hear(self) -> tuple[Item, object] | None:
        """Return an item and what came of it, if this is one."""
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            message = self._lost()
        if isinstance(message, _Broken):
            raise InfrastructureError(message.reason)
        if message is None:
            self.ready = True
            return None
        item = self.left.pop(0)
        if isinstance(message, Lost) and self.left:
            self.start()
        return item, message

    def _lost(self) -> Lost:
        self.process.join()
        exit_code = self.process.exitcode
        if not self.ready:
            raise InfrastructureError(
                f"a process ended (exit code {exit_code}) before it could begin"
            )
        return Lost(exit_code)

    def stop(self) -> None:
        """End the process; one that is done has a moment to clear up."""
        if not self.left:
            self.process.join(JOINING_TIME_S)
        self.process.terminate()
        self.process.join(JOINING_TIME_S)
        self.process.kill()  # whatever it is at that it can't leave
        self.process.join()
        self.connection.close()


def shared(
    work: Work[Item], items: Sequence[Item], jobs: int
) -> Generator[tuple[Item, object], None, None]:
    """Let processes do items, and give each with what came of it as it is known.

    Args:
        work: a module's function, which a new process can import.
        items: what is to be done; each process takes every so-manieth.
        jobs: how many processes there are at most.

    Raises:
        InfrastructureError: a process can't begin, or says that it can't go on.
    """
    workers = [_Worker(work, list(items[place::jobs])) for place in range(min(jobs, len(items)))]
    started = []
    try:
        for worker in workers:
            worker.start()
            started.append(worker)
        while busy := {worker.connection: worker for worker in workers if worker.left}:
            for heard in wait(list(busy)):
                done = busy[heard].hear()  # type: ignore[index] # it waits for these alone
                if done:
                    yield done
    finally:
        for worker in started:
            worker.stop()


def _run(connection: Connection[Any, Any], work: Work[Item], items: Sequence[Item]) -> None:
    """Work in this process; send what came of each item, or a line that says why not."""
    ending = _Ending()
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
        signal.signal(signal.SIGTERM, ending.begin)
        work(items, connection.send)
    except BaseException as error:
        if ending.begun or isinstance(error, BrokenPipeError):  # nobody listens any more
            return
        if not isinstance(error, GraderError):
            raise
        connection.send(_Broken(str(error)))


@dataclass
class _Ending:
    """Whether this process was told to end: whatever it raises from then on is of no interest."""

    begun: bool = False

    def begin(self, number: int, frame: object) -> None:
        """Leave by the context managers, once."""
        del frame
        signal.signal(number, signal.SIG_IGN)
        self.begun = True
        raise KeyboardInterrupt
