"""The database of an output folder: tables of checked rows; what is damaged is never written to."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Literal, Self, get_args

from grader.errors import InfrastructureError, UsageError
from grader.files.output_folder import REPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

__all__ = ["Database", "Table"]

Table = Literal["results", "students", "run", "files", "runs", "standings", "marks"]
TABLES: tuple[Table, ...] = get_args(Table)
LOG = "-wal"  # how the file is called that SQLite writes beside it
PRIMARY = 256  # an error's code has its kind in the last byte
OF_THE_DISK = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
VERSION = 2  # 1 had no checksums, knew neither students nor files, and left its number out


class Database:
    """Tables of keys and bytes in one file; use it as a context manager.

    Each change is on disk before its method returns. Of a copy, `of` is the file that it is a copy
    of, which messages name. One that is only read is left as it is, whichever version wrote it.

    Attributes:
        damaged: the keys that were asked for and whose content is not what was kept.

    Raises:
        UsageError: the file is no database of ours, is damaged, of a later version, or can only be
            read. It is as it was then.
    """

    def __init__(self, path: Path, of: Path | None = None, *, read_only: bool = False) -> None:
        self._path = path
        self._named = of or path
        self._is_one = False
        self._read_only = read_only
        self.damaged: set[str] = set()
        if path.is_file() and not path.stat().st_size and self._was_used():
            raise UsageError(self._unusable("it is empty, though there are reports beside it"))
        try:
            self._connection = sqlite3.connect(self._place(), uri=True)
        except sqlite3.Error as error:
            raise UsageError(self._unusable(error)) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise UsageError(self._unusable(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def _place(self) -> str:
        """Return where SQLite finds it; what is left of a run that was killed is read, too."""
        place = f"{self._path.resolve().as_uri()}?mode="
        if not self._read_only:
            return f"{place}rwc"
        is_left = self._path.with_name(f"{self._path.name}{LOG}").exists()
        return f"{place}ro" + ("" if is_left else "&immutable=1")

    def _was_used(self) -> bool:
        return any((self._path.parent / name).exists() for name in REPORTS)

    def _prepare(self) -> None:
        """Look for damage before anything is written; then make what is not there yet."""
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise sqlite3.DatabaseError(f"a later version of the grader ({version}) wrote it")
        (state,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(str(state).splitlines()[-1])
        if self._read_only:
            self._make_tables("TEMP")
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("BEGIN IMMEDIATE")
        self._make_tables()
        self._connection.execute(f"PRAGMA user_version = {VERSION}")  # fails if it is read only
        self._connection.commit()

    def _make_tables(self, where: str = "") -> None:
        """Make the tables that are not there; in a database that is only read, in memory."""
        names = self._connection.execute("SELECT name FROM sqlite_master")
        there = {name for (name,) in names}
        for table in TABLES:
            if f"{table}_{VERSION}" not in there:
                self._connection.execute(
                    f"CREATE {where} TABLE {table}_{VERSION} "
                    "(key TEXT PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL)"
                )

    def get(self, table: Table, key: str) -> bytes | None:
        """Return what is kept under a key; nothing where nothing is, or where it is damaged."""
        query = f"SELECT content, checksum FROM {table}_{VERSION} WHERE key = ?"  # noqa: S608 - ours
        try:
            with closing(self._connection.execute(query, (key,))) as rows:
                row = rows.fetchone()
        except sqlite3.Error as error:
            raise InfrastructureError(self._unusable(error)) from error
        if row is None:
            return None
        content, checksum = row
        if isinstance(content, bytes) and zlib.crc32(content) == checksum:
            return content
        self.damaged.add(key)
        return None

    def has(self, table: Table, key: str) -> bool:
        """Tell whether something is kept under a key, damaged or not."""
        query = f"SELECT 1 FROM {table}_{VERSION} WHERE key = ?"  # noqa: S608 - ours
        try:
            with closing(self._connection.execute(query, (key,))) as rows:
                return rows.fetchone() is not None
        except sqlite3.Error as error:
            raise InfrastructureError(self._unusable(error)) from error

    def keys(self, table: Table) -> list[str]:
        """Return the keys of a table, in order."""
        query = f"SELECT key FROM {table}_{VERSION} ORDER BY key"  # noqa: S608 - ours
        try:
            return [key for (key,) in self._connection.execute(query)]
        except sqlite3.Error as error:
            raise InfrastructureError(self._unusable(error)) from error

    def put(self, table: Table, rows: Mapping[str, bytes], *, without: Iterable[str] = ()) -> None:
        """Keep contents by key, and remove what is kept under others."""
        delete = f"DELETE FROM {table}_{VERSION} WHERE key = ?"  # noqa: S608 - ours
        insert = f"INSERT OR REPLACE INTO {table}_{VERSION} VALUES (?, ?, ?)"  # noqa: S608 - ours
        filled = [(key, content, zlib.crc32(content)) for key, content in rows.items()]
        with self.as_one():
            self._connection.executemany(delete, [(key,) for key in without])
            self._connection.executemany(insert, filled)

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """Make several changes one: all of them are on disk afterwards, or none."""
        if self._is_one:
            yield
            return
        self._is_one = True
        try:
            with self._connection:
                yield
        except sqlite3.Error as error:
            raise InfrastructureError(
                f"results can't be kept in {self._named}: {error}; fix that and run the same "
                "command again: finished work is kept"
            ) from error
        finally:
            self._is_one = False

    def size(self) -> tuple[int, int]:
        """Return how many bytes it takes, and how many of them the next rows will take first."""
        pages, free, page = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return pages * page, free * page

    def _unusable(self, reason: object) -> str:
        if getattr(reason, "sqlite_errorcode", 0) % PRIMARY in OF_THE_DISK:
            advice = "make room on the disk, or make it writable, and run the same command again"
        else:
            advice = (
                "put an earlier copy in its place, or grade everything again into another folder "
                "with --output"
            )
        return (
            f"{self._named}, which keeps what was graded, can't be used: {reason}. It is left as "
            f"it is: {advice}"
        )
