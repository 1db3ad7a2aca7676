"""The folder that a grading run writes to: ours, one run at a time, and it can be written to."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from io import TextIOWrapper
    from pathlib import Path
    from types import TracebackType

__all__ = [
    "ASIDE",
    "DECISIONS",
    "DECISIONS_TABLE",
    "LISTS",
    "REPORTS",
    "STORE",
    "STUDENTS",
    "OutputFolder",
    "as_it_is",
    "holds_reports",
    "require_usable",
]

STORE = ".grader.sqlite3"  # what makes a folder ours
LOCK = ".grader.lock"
DECISIONS = "decisions.toml"  # which people write, also before there is anything else
DECISIONS_TABLE = "decisions.csv"  # the same
STUDENTS, LISTS = "students", "class"  # the folders of pages in it
REPORTS = frozenset({"index.html", "results.json", "grades.csv"})
ASIDE = ".grader-tmp"  # how a file's name ends while the file is being written


def holds_reports(names: Collection[str]) -> bool:
    """Tell by the names in a folder whether a grading run wrote to it."""
    return STORE in names or REPORTS.issubset(names)


class OutputFolder:
    """An output folder that is this process's alone; use it as a context manager. POSIX only.

    The lock goes with the process, whatever becomes of it.

    Raises:
        UsageError: the folder holds other things and no store of ours, it can't be made or written
            to, or another run is writing to it. Nothing was written then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: TextIOWrapper | None = None

    def __enter__(self) -> Self:
        try:
            _require_ours(self._path)
            self._path.mkdir(parents=True, exist_ok=True)
            self._lock = (self._path / LOCK).open("a+", encoding="ascii")
        except OSError as error:
            raise UsageError(_unwritable(self._path, error)) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(_taken(self._path, self._lock)) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        for part in (".", STUDENTS, LISTS):
            for left in (self._path / part).glob(f".*{ASIDE}"):  # by a run that was killed
                left.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.close()


def require_usable(path: Path) -> None:
    """Refuse a folder that no run could write its reports to; nothing is written.

    Raises:
        UsageError: as of `OutputFolder`, unless another run is writing to it.
    """
    try:
        _require_ours(path)
    except OSError as error:
        raise UsageError(_unwritable(path, error)) from error
    there = next(each for each in (path, *path.absolute().parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        is_read_only = bool(os.statvfs(there).f_flag & os.ST_RDONLY)
        code = errno.EROFS if is_read_only else errno.EACCES
        code = code if there.is_dir() else errno.ENOTDIR
        raise UsageError(_unwritable(path, OSError(code, os.strerror(code))))


@contextmanager
def as_it_is(path: Path) -> Iterator[None]:
    """Let no run write to an output folder meanwhile; nothing of it is changed.

    Raises:
        UsageError: a run is writing to it.
    """
    try:
        lock = (path / LOCK).open(encoding="ascii")
    except FileNotFoundError:  # no run is there that could write
        yield
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(_taken(path, lock)) from None
        yield


def _require_ours(path: Path) -> None:
    try:
        names = set(os.listdir(path)) - {LOCK, DECISIONS, DECISIONS_TABLE}
    except FileNotFoundError:
        return
    if REPORTS.issubset(names) and STORE not in names:
        raise UsageError(
            f"{path} holds reports, but not {STORE}, which keeps what was graded: put it back, or "
            "name another folder with --output"
        )
    if names and STORE not in names:
        raise UsageError(
            f"{path} holds files that are not the grader's: name a new or an empty folder with "
            f"--output, like --output {path / 'reports'}"
        )


def _unwritable(path: Path, error: OSError) -> str:
    return f"the reports can't be written to {path}: {error.strerror}"


def _taken(path: Path, lock: TextIOWrapper) -> str:
    lock.seek(0)
    owner = lock.read(20).strip()
    lock.close()
    which = f" (process {owner})" if owner.isdigit() else ""
    return (
        f"another grader is writing to {path}{which}: wait until it is done, or name another "
        "folder with --output"
    )
