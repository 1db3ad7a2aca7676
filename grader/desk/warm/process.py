"""A warm process that checks files, as seen from the watch."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.desk.warm.messages import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.desk.warm.messages import Job, Message
    from grader.results.verdicts import TestResult

__all__ = ["Heard", "Process"]

MAX_PRINTED = 64 * 2**10  # bytes of what the student's code printed, from its end


@dataclass(frozen=True)
class Heard:
    """A message of a process; None when it has ended."""

    process: Process
    message: Message | None


class Process:
    """One warm process.

    Attributes:
        ready: whether it has warmed up.
        job: what it works on.
        results: what it has said about that.
        stuck_s: the limit that the student's code did not heed, 0 if it did.
    """

    def __init__(
        self, printed: Path, options: Sequence[str], hear: Callable[[Heard], None]
    ) -> None:
        self.ready = False
        self.job: Job | None = None
        self.results: list[TestResult] = []
        self.stuck_s = 0.0
        self._started = 0.0
        self._printed, self._offset = printed, 0
        command = [sys.executable, "-X", "utf8", "-m", "grader.desk.warm.bench", *options]
        scratch = {
            "TMPDIR": str(printed.parent)
        }  # what a process that is ended leaves goes with it
        with printed.open("wb") as file:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                env=os.environ | scratch,
            )
        threading.Thread(target=self._listen, args=(hear,), daemon=True).start()

    def _listen(self, hear: Callable[[Heard], None]) -> None:
        for line in self._process.stdout or ():
            try:
                hear(Heard(self, decode(line)))
            except msgspec.DecodeError:  # the student's code has found the pipe
                self.end()
        hear(Heard(self, None))

    @property
    def idle(self) -> bool:
        """Whether it can take a job at once."""
        return self.ready and self.job is None

    @property
    def busy_s(self) -> float:
        """How long it has worked on its job."""
        return time.monotonic() - self._started if self.job else 0.0

    def start(self, job: Job) -> None:
        """Give it a job."""
        self.job, self.results, self._started = job, [], time.monotonic()
        self._offset = self._printed.stat().st_size
        try:
            if self._process.stdin:
                self._process.stdin.write(encode(job))
                self._process.stdin.flush()
        except OSError:
            self.end()

    def printed(self) -> str:
        """Return the end of what was printed since it was given its job."""
        with self._printed.open("rb") as file:
            file.seek(max(self._offset, self._printed.stat().st_size - MAX_PRINTED))
            return file.read().decode(errors="replace")

    def end(self) -> None:
        """End it; that is heard like any other end."""
        self._process.kill()

    def exit_code(self) -> int:
        """Wait until it has ended, and return its exit code."""
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return code
