"""The store of results: what was graded is kept, keyed by everything that could change it."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from importlib import metadata
from typing import TYPE_CHECKING, Self

import msgspec

from grader.errors import InfrastructureError, UsageError
from grader.lab import PACKAGE
from grader.mistakes import TABLE
from grader.sandbox.data import mnist_files
from grader.verdicts import ExerciseResult, Verdict

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from grader.lab import Exercise
    from grader.sandbox.command import Limits
    from grader.submissions import HandIn

__all__ = ["Store", "result_key", "suite_digest"]

SCHEMA_VERSION = 1
RECORDS = ("pictures", "saved_notebook", "verdicts")
GRADING_CODE = ("guest", "judge", "sandbox")


class Store:
    """A table of results in the output folder; use it as a context manager.

    Each result is on disk before `put` returns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._database = _open(path)
        except sqlite3.Error as error:
            raise UsageError(
                f"{path} can't be used as a store of results ({error}); delete it to grade all anew"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._database.close()

    def get(self, key: str) -> ExerciseResult | None:
        """Return the result of a key, if it was graded before."""
        query = f"SELECT result FROM results_{SCHEMA_VERSION} WHERE key = ?"  # noqa: S608 - a constant
        with closing(self._database.execute(query, (key,))) as rows:
            row = rows.fetchone()
        return msgspec.json.decode(row[0], type=ExerciseResult) if row else None

    @staticmethod
    def keeps(result: ExerciseResult) -> bool:
        """Tell whether a result is kept; a grader fault is not, so that it is tried again."""
        return result.verdict is not Verdict.GRADER_FAULT

    def put(self, results: dict[str, ExerciseResult]) -> None:
        """Keep results by key, but for those that no store keeps."""
        rows = [
            (key, msgspec.json.encode(result))
            for key, result in results.items()
            if self.keeps(result)
        ]
        statement = f"INSERT OR REPLACE INTO results_{SCHEMA_VERSION} VALUES (?, ?)"  # noqa: S608 - a constant
        try:
            with self._database:
                self._database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise InfrastructureError(
                f"results can't be kept in {self._path}: {error}; once that is mended, the same "
                "command goes on from what is kept"
            ) from error


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            f"CREATE TABLE IF NOT EXISTS results_{SCHEMA_VERSION} "
            "(key TEXT PRIMARY KEY, result BLOB NOT NULL)"
        )
    except sqlite3.Error:
        database.close()
        raise
    return database


def result_key(
    exercise: Exercise, hand_in: HandIn, suite: str, device: str, isolation: str, limits: Limits
) -> str:
    """Return the key of a result: the same work under the same suite on the same device."""
    content = [(file.name, hashlib.sha256(file.content).hexdigest()) for file in hand_in.files]
    work = (exercise.name, content, hand_in.problem, hand_in.notes)
    parts = (work, suite, device, isolation, limits)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def suite_digest(exercise: Exercise) -> str:
    """Return a digest of everything of ours that decides an exercise's results."""
    digest = hashlib.sha256(f"{sys.version} torch {metadata.version('torch')}".encode())
    code = [file for name in GRADING_CODE for file in sorted((PACKAGE / name).glob("*.py"))]
    records = [PACKAGE / f"{name}.py" for name in RECORDS]
    data = mnist_files() if exercise.cells else ()
    for file in (exercise.hidden_suite, exercise.public_checks, TABLE, *records, *code, *data):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
