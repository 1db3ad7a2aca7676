"""The judges of one worker of a cluster: processes of their own, started by what may be a daemon.

A judge uses signals and forks, and a worker of Dask has threads: so a worker only hands over
submissions, and waits.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import subprocess
import sys
from multiprocessing.connection import Connection
from queue import LifoQueue
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from grader.errors import InfrastructureError
from grader.judge.worker import Broken, Done, run_worker
from grader.runs.devices import share_of_cores

if TYPE_CHECKING:
    from grader.judge.worker import Ready, Task, WorkerSettings
    from grader.results.verdicts import ExerciseResult

__all__ = ["JudgeLostError", "Judges", "main"]

STARTING_TIME_S = 300.0  # importing torch from a cold network disk, and trying the sandbox
ENDING_TIME_S = 10.0
IDLE_TIME_S = 600.0  # a judge holds a gigabyte, and whoever asked for it may be gone
GRACE, OVERHEAD_S = 3, 120.0  # what a judge may need beyond what a submission may take
BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from grader.cluster.judges import main; main(int(sys.argv[2]))"
)


class JudgeLostError(Exception):
    """A judge has ended, or does not answer; it says how."""


class Judges:
    """As many judges as a worker has threads; each is started when it is first needed."""

    def __init__(self, settings: WorkerSettings, count: int) -> None:
        shares = (share_of_cores(place, count) for place in range(count))
        self._all = [_Judge(replace(settings, cores=cores)) for cores in shares]
        self._free: LifoQueue[_Judge] = LifoQueue()
        for judge in self._all:
            self._free.put(judge)

    def start(self) -> None:
        """Start one judge.

        Raises:
            InfrastructureError: it can't work; the message says why.
        """
        judge = self._free.get()
        try:
            judge.ready()
        finally:
            self._free.put(judge)

    def grade(self, task: Task) -> tuple[ExerciseResult, ...]:
        """Have one that is free grade a submission.

        Raises:
            InfrastructureError: it can't work.
            JudgeLostError: it ended while grading this, or took far too long.
        """
        judge = self._free.get()
        try:
            return judge.grade(task)
        finally:
            self._free.put(judge)

    def stop(self) -> None:
        """End all of them."""
        for judge in self._all:
            judge.stop()


class _Judge:
    """One process; it ends when nothing was asked of it for a while."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None
        self._timer: Timer | None = None

    def ready(self) -> None:
        """Start the process, unless it is there."""
        with self._lock:
            self._ready()
            self._rest()

    def grade(self, task: Task) -> tuple[ExerciseResult, ...]:
        """Grade one submission."""
        with self._lock:
            connection = self._ready()
            try:
                connection.send(task)
                message = self._heard(connection, self._longest(task))
            except (EOFError, OSError) as error:
                raise JudgeLostError(self._ended()) from error
            except JudgeLostError:
                self._end()
                raise
            self._rest()
            if not isinstance(message, Done):
                self._end()
                raise InfrastructureError(getattr(message, "reason", repr(message)))
            return message.results

    def stop(self) -> None:
        """End the process, whatever it is at."""
        process = self._process
        if process is not None:
            process.terminate()
        with self._lock:
            self._end()

    def _stop_idle(self) -> None:
        """End the process, unless something is asked of it just now."""
        if self._lock.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._lock.release()

    def _ready(self) -> Connection[Any, Any]:
        if self._timer is not None:
            self._timer.cancel()
        if self._connection is None:
            self._connection = self._started()
        return self._connection

    def _started(self) -> Connection[Any, Any]:
        ours, theirs = multiprocessing.Pipe()
        path = json.dumps(sys.path)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                [sys.executable, "-c", BOOT, path, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        try:
            ours.send(self._settings)
            message = self._heard(ours, STARTING_TIME_S)
        except (EOFError, OSError) as error:
            raise InfrastructureError(f"its judge can't start: {self._ended()}") from error
        except JudgeLostError as error:
            self._end()
            raise InfrastructureError(f"its judge can't start: {error}") from error
        if isinstance(message, Broken):
            self._end()
            raise InfrastructureError(message.reason)
        return ours

    @staticmethod
    def _heard(connection: Connection[Any, Any], limit_s: float) -> Ready | Done | Broken:
        if not connection.poll(None if math.isinf(limit_s) else limit_s):
            raise JudgeLostError(f"there was no answer in {limit_s:.0f} s")
        message: Ready | Done | Broken = connection.recv()
        return message

    def _longest(self, task: Task) -> float:
        """Return after how many seconds nothing is to be expected any more."""
        limits = self._settings.limits
        own = [
            limits.of(each.limits) for each in self._settings.exercises if each.name in task.work
        ]
        return OVERHEAD_S + GRACE * sum(each.load_s + each.exercise_s for each in own)

    def _rest(self) -> None:
        """From now on, wait to be asked; not for ever."""
        self._timer = Timer(IDLE_TIME_S, self._stop_idle)
        self._timer.daemon = True
        self._timer.start()

    def _ended(self) -> str:
        """End the process; say how it ended."""
        status = self._end()
        return f"its process ended (exit code {status})"

    def _end(self) -> int | None:
        if self._timer is not None:
            self._timer.cancel()
        if self._connection is not None:
            self._connection.close()  # which ends one that waits
            self._connection = None
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            process.terminate()
        try:
            return process.wait(ENDING_TIME_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def main(fd: int) -> None:
    """Be a judge, which is told by a connection what it is to grade."""
    connection: Connection[Any, Any] = Connection(fd)
    run_worker(connection, connection.recv())
