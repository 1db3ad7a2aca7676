"""A student's files as they lie on the disk, read for a check as a grade takes them."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.files import as_given_out, declared_in, home_of
from grader.guest.crossing.wire import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.courses import Exercise

__all__ = ["Work", "read_used", "show_data", "used_beside", "work_at"]


@dataclass(frozen=True)
class Work:
    """What was found for an exercise.

    Attributes:
        content: of its one file.
        parts: of an exercise that has several files, all of them.
        lacking: which modules of them are not there, as sentences.
        notes: what is to be said of them, as sentences.
    """

    content: bytes
    parts: tuple[Part, ...] = ()
    lacking: str = ""
    notes: tuple[str, ...] = ()

    @property
    def all_content(self) -> bytes:
        """The content of all files, one after the other."""
        return b"\n".join((self.content, *(part.content for part in self.parts)))


def work_at(exercise: Exercise, file: Path) -> Work:
    """Read a file of an exercise, with all others that it has.

    Raises:
        OSError: it can't be read.
    """
    home = home_of(file, exercise.files)
    notes = tuple(_changed_given(exercise, home))
    if not exercise.files:
        return Work(file.read_bytes(), notes=notes)
    expected = [name for name in exercise.file_names if name not in exercise.given]
    given_out = {name: as_given_out(exercise.folder, name) for name in expected}
    parts = {name: content for name, content in given_out.items() if content is not None}
    found = declared_in(home, exercise.files)
    parts |= {name: each.read_bytes() for name, each in found.items() if name not in exercise.given}
    absent = [name for name in expected if name not in parts]
    notes += tuple(_is_absent(name) for name in absent if not name.endswith(".py"))
    lacking = " ".join(_is_absent(name) for name in absent if name.endswith(".py"))
    every = tuple(Part(name, parts[name]) for name in sorted(parts))
    return Work(b"", every, lacking, notes)


def _is_absent(name: str) -> str:
    return f"There is no {name} among your files."


def _changed_given(exercise: Exercise, home: Path) -> Iterator[str]:
    for name, own in exercise.given.items():
        copy = home / name
        if copy.is_file() and copy.read_bytes().split() != own.read_bytes().split():
            yield f"{name} was changed; it is used as it was given out."


def used_beside(exercise: Exercise, home: Path) -> Iterator[tuple[Exercise, Path]]:
    """Find in a folder a file of each exercise that one builds on."""
    for earlier in exercise.all_used:
        files = [home / name for name in earlier.file_names]
        yield from ((earlier, file) for file in files[:1] if file.is_file())


def read_used(used: Iterable[tuple[Exercise, Path]]) -> Iterator[Part]:
    """Read the modules of earlier exercises, called as they are imported."""
    for earlier, file in used:
        work = work_at(earlier, file)
        yield from work.parts or (Part(f"{earlier.name}{file.suffix}", work.content),)


def show_data(exercise: Exercise, folder: Path) -> None:
    """Have the course's data in a folder, as a submission has them."""
    data = exercise.data
    if data.is_dir():
        try:
            os.symlink(data.resolve(), folder / "data", target_is_directory=True)  # noqa: PTH211
        except OSError:  # not every user of Windows may make one
            shutil.copytree(data, folder / "data")
