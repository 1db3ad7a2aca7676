"""The folder that a grading run writes to: one run at a time, and it can be written to at all."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

from grader.errors import UsageError

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path
    from types import TracebackType

__all__ = ["OutputFolder"]

LOCK = ".grader.lock"
ASIDE = ".*.tmp"  # what a run that was killed has left half written, beside the file it was to be


class OutputFolder:
    """An output folder that is this process's alone; use it as a context manager. POSIX only.

    The lock goes with the process, whatever becomes of it.

    Raises:
        UsageError: the folder can't be made or written to, or another run is writing to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: TextIOWrapper | None = None

    def __enter__(self) -> Self:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._lock = (self._path / LOCK).open("a+", encoding="ascii")
        except OSError as error:
            reason = error.strerror
            raise UsageError(f"the reports can't be written to {self._path}: {reason}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(self._taken(self._lock)) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        for left in self._path.rglob(ASIDE):
            left.unlink(missing_ok=True)
        return self

    def _taken(self, lock: TextIOWrapper) -> str:
        lock.seek(0)
        owner = lock.read(20).strip()
        lock.close()
        which = f" (process {owner})" if owner.isdigit() else ""
        return (
            f"another grader is writing to {self._path}{which}: wait until it is done, or name "
            "another folder with --output"
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.close()
