"""A scheduler and workers of Dask on this machine, each a process that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

__all__ = ["DaskProcesses"]

ADDRESS = "Scheduler at:"
ENDING_TIME_S = 5.0
QUIET = {
    "DASK_DISTRIBUTED__ADMIN__LOG_FORMAT": "%(message)s",
}


class DaskProcesses:
    """Use it as a context manager.

    Args:
        folder: where they run.
        host: the scheduler's address.

    Attributes:
        address: the scheduler's.
        scheduler: its process.
        workers: theirs, by name.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self._folder = folder
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.scheduler = self._started(
            "scheduler", "--host", host, "--port", "0", "--no-dashboard", pipe=True
        )
        if self.scheduler.stderr is None:
            raise RuntimeError("it was started with a pipe")
        self._lines = self.scheduler.stderr
        self._reading = threading.Thread(target=self._lines.read, daemon=True)
        self.address = self._address()

    def _address(self) -> str:
        """Wait until the scheduler says where it is; whatever it says later is thrown away."""
        for line in self._lines:
            if ADDRESS in line.decode():
                self._reading.start()
                return line.decode().split()[-1]
        raise RuntimeError("the scheduler did not start")

    def start(self, name: str, *options: str, before: Sequence[str] = ()) -> None:
        """Start a worker.

        Args:
            name: what it is called.
            options: more of `dask worker`.
            before: a command that starts it: in another network, with other files.
        """
        self.workers[name] = self._started(
            "worker",
            self.address,
            "--name",
            name,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--memory-limit",
            "0",
            *options,
            before=before,
        )

    def kill(self, name: str) -> None:
        """Kill a worker; it has no time to say anything."""
        process = self.workers.pop(name)
        process.kill()
        process.wait()

    def _started(
        self, *arguments: str, before: Sequence[str] = (), pipe: bool = False
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*before, sys.executable, "-m", "dask", *arguments],
            env=os.environ | QUIET,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if pipe else subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.terminate()
        for process in (*self.workers.values(), self.scheduler):
            with suppress(subprocess.TimeoutExpired):
                process.wait(ENDING_TIME_S)
            process.kill()
            process.wait()
        self._reading.join()
        self._lines.close()
