"""The store of results: what was graded is kept, keyed by everything that could change it."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Self

import msgspec

from grader.database import Database
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

RECORDS = ("pictures", "saved_notebook", "verdicts")
GRADING_CODE = ("guest", "judge", "sandbox")


class Store:
    """The results in the output folder's database; use it as a context manager.

    Each result is on disk before `put` returns.

    Attributes:
        database: what else is kept beside results.

    Raises:
        UsageError: the database can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.database = Database(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.database.__exit__(kind, error, traceback)

    def get(self, key: str) -> ExerciseResult | None:
        """Return the result of a key, if it was graded before; a damaged one was not."""
        content = self.database.get("results", key)
        return None if content is None else msgspec.json.decode(content, type=ExerciseResult)

    @staticmethod
    def keeps(result: ExerciseResult) -> bool:
        """Tell whether a result is kept; a grader fault is not, so that it is tried again."""
        return result.verdict is not Verdict.GRADER_FAULT

    def put(self, results: dict[str, ExerciseResult]) -> None:
        """Keep results by key, but for those that no store keeps."""
        kept = {key: result for key, result in results.items() if self.keeps(result)}
        rows = {key: msgspec.json.encode(result) for key, result in kept.items()}
        self.database.put("results", rows)


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
    digest = hashlib.sha256(f"{sys.version} {installed()}".encode())
    code = [file for name in GRADING_CODE for file in sorted((PACKAGE / name).glob("*.py"))]
    records = [PACKAGE / f"{name}.py" for name in RECORDS]
    data = mnist_files() if exercise.cells else ()
    for file in (exercise.hidden_suite, exercise.public_checks, TABLE, *records, *code, *data):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@cache
def installed() -> tuple[str, ...]:
    """Return all packages but ours, with their versions: a submission may import any of them."""
    packages = {f"{each.name} {each.version}" for each in metadata.distributions()}
    return tuple(sorted(each for each in packages if not each.startswith("nn-training-lab ")))
