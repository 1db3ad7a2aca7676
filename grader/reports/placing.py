"""Put files in place in one step, and replace or remove only what is the grader's own.

The output folder's database has a row for each file that the grader wrote there, with a digest of
it. While a file is being written its row is empty: a run that is killed then has left something
that bears the marks of our files, and so does a folder that the first version wrote.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from itertools import count, islice
from typing import TYPE_CHECKING, Self

from grader.files.output_folder import LISTS, REPORTS, STORE, STUDENTS
from grader.files.replacing import replace, replacing, replacing_bytes
from grader.runs.database import Database
from grader.runs.history.kept_runs import KeptRuns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO, TextIO

__all__ = ["ANONYMOUS", "OwnFiles"]

ANONYMOUS = "anonymous.html"
# How a file of ours begins: pages, those of the first version, results, grades.
MARKS = (
    b'<meta name="generator" content="nn-training-lab">',
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'",
    b'{\n  "schema": ',
    b"student,",
)
HEAD_BYTES = 1024
BATCH = 8  # files whose texts are in memory at a time


class OwnFiles:
    """The files that the grader wrote into an output folder; use it as a context manager.

    Names are paths inside of the folder, like `students/ana.html`.

    Attributes:
        kept_aside: what stood at a place of ours and was not ours, where it is now.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept_aside: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._database = Database(folder / STORE)

    def __enter__(self) -> Self:
        if not self._database.keys("files"):  # nothing at all, or what the first version wrote
            pages = [*self.folder.glob(f"{STUDENTS}/*.html"), *self.folder.glob(f"{LISTS}/*.html")]
            names = [path.relative_to(self.folder).as_posix() for path in pages]
            self._database.put("files", dict.fromkeys([*names, *REPORTS, ANONYMOUS], b""))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._database.__exit__(kind, error, traceback)

    def make_way(self, names: Collection[str]) -> None:
        """Note that files will be written; what stands there and is not ours is kept beside."""
        for name in names:
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            if os.path.lexists(path) and not self._is_ours(name):
                self.kept_aside.append(_keep_aside(path))
        self._database.put("files", dict.fromkeys(names, b""))

    def wrote(self, names: Iterable[str]) -> None:
        """Note that files are written."""
        self._database.put("files", {name: _digest(self.folder / name) for name in names})

    @contextmanager
    def replacing(self, name: str) -> Iterator[TextIO]:
        """Open a file of ours that takes the place of the one before once all is written."""
        self.make_way([name])
        with replacing(self.folder / name) as file:
            yield file
        self.wrote([name])

    @contextmanager
    def replacing_bytes(self, name: str) -> Iterator[BinaryIO]:
        """Do the same for a file of bytes."""
        self.make_way([name])
        with replacing_bytes(self.folder / name) as file:
            yield file
        self.wrote([name])

    def write(self, name: str, text: str) -> None:
        """Write a file of ours."""
        with self.replacing(name) as file:
            file.write(text)

    def write_many(self, files: Iterable[tuple[str, str]]) -> set[str]:
        """Write files of ours, given with their names; return the names.

        What is noted of many files at once takes no longer than what is noted of one.
        """
        left, written = iter(files), set[str]()
        while batch := dict(islice(left, BATCH)):
            self.make_way(batch)
            for name, text in batch.items():
                replace(self.folder / name, text)
            self.wrote(batch)
            written.update(batch)
        return written

    def remove(self, names: Collection[str]) -> None:
        """Remove files that an earlier run wrote; one that was changed since is left."""
        for name in names:
            if self._is_ours(name):
                (self.folder / name).unlink()
        self._database.put("files", {}, without=names)

    def keep_only(self, part: str, names: Collection[str]) -> None:
        """Remove what an earlier run wrote into a folder of ours and this one did not."""
        here = [name for name in self._database.keys("files") if name.startswith(f"{part}/")]
        self.remove(set(here).difference(names))

    def end(self) -> None:
        """Note that all reports of the newest run that is kept are written."""
        KeptRuns(self._database).note_written()

    def _is_ours(self, name: str) -> bool:
        """Tell whether a file is as the grader left it; a link and a folder are not."""
        path, due = self.folder / name, self._database.get("files", name)
        if due is None or path.is_symlink() or not path.is_file():
            return False
        return due == _digest(path) if due else _is_marked(path)


def _keep_aside(path: Path) -> Path:
    """Rename a file, under the first number that is free."""
    free = (path.with_name(f"{path.name}.backup-{number}") for number in count(1))
    kept = next(each for each in free if not os.path.lexists(each))
    path.rename(kept)
    return kept


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _is_marked(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return any(mark in head for mark in MARKS)
