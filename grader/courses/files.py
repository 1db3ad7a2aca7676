"""Which files an exercise of several consists of, and which come with it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "PACK",
    "as_given_out",
    "declared_in",
    "expected_files",
    "files_in",
    "home_of",
    "is_declared",
    "root_of",
]

PACK = "stubs.pack"  # a zip by another name, so that nobody takes it for one that was handed in
TO_WRITE = (b"BEGIN SOLUTION", b"NotImplementedError")  # in a solution, in a stub
ROOTS = ("", "solutions", "exercises")  # where in a course they may lie; the first one counts


def expected_files(folder: Path, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of the files that every submission must have.

    A name in full is one of them; of a pattern those are that the course itself has.

    Args:
        folder: the course's.
        patterns: such as `minigrad/*.py`.
    """
    return tuple(dict.fromkeys(name for each in patterns for name in _expected(folder, each)))


def _expected(folder: Path, pattern: str) -> Iterable[str]:
    if "*" not in pattern:
        return (pattern,)
    if (folder / PACK).is_file():  # what students have: they may have added files, or deleted some
        with ZipFile(folder / PACK) as stubs:
            return sorted(name for name in stubs.namelist() if is_declared(name, [pattern]))
    root = root_of(folder, pattern)
    return [file.relative_to(root).as_posix() for file in _files(root, pattern)]


def root_of(folder: Path, pattern: str) -> Path:
    """Return in which folder of a course files of a pattern are; the course's own if none is."""
    roots = [folder / name for name in ROOTS]
    return next((root for root in roots if any(_files(root, pattern))), folder)


def _files(root: Path, pattern: str) -> Iterator[Path]:
    return (file for file in sorted(root.glob(pattern)) if file.is_file())


def as_given_out(folder: Path, path: str) -> bytes | None:
    """Return a module in which students have nothing to write; None for any other file.

    Args:
        folder: the course's.
        path: of the module, as its exercise expects it.
    """
    file = root_of(folder, path) / path
    if file.suffix != ".py" or not file.is_file():
        return None
    content = file.read_bytes()
    return None if any(words in content for words in TO_WRITE) else content


def is_declared(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path is one that an exercise's patterns name; a `*` is no folder."""
    return any(
        path.count("/") == pattern.count("/") and fnmatchcase(path, pattern) for pattern in patterns
    )


def home_of(file: Path, patterns: Iterable[str]) -> Path:
    """Return the folder in which the files of an exercise lie, given one of them."""
    parts = file.absolute().parts
    for pattern in patterns:
        depth = pattern.count("/")
        if depth < len(parts) - 1 and is_declared("/".join(parts[-1 - depth :]), [pattern]):
            return file.absolute().parents[depth]
    return file.parent


def declared_in(folder: Path, patterns: Iterable[str]) -> dict[str, Path]:
    """Return the files in a folder that an exercise's patterns name, by their paths in it."""
    every = (file for pattern in patterns for file in _files(folder, pattern))
    return {file.relative_to(folder).as_posix(): file for file in every}


def files_in(folder: Path, pattern: str = "*") -> dict[str, Path]:
    """Return the files in a folder and below, by their paths in it; none that begins with a dot."""
    found = {file.relative_to(folder).as_posix(): file for file in _files(folder, f"**/{pattern}")}
    return {path: file for path, file in found.items() if not f"/{path}".count("/.")}
