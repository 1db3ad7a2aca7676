"""Put a file in place in one step: readers see the one before or the whole new one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.files.output_folder import ASIDE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO, TextIO

__all__ = ["replace", "replacing", "replacing_bytes"]


def replace(path: Path, text: str) -> None:
    """Write a file in one step."""
    with replacing(path) as file:
        file.write(text)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text that takes the place of a file once all of it is written; else nothing does."""
    with _aside(path) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def replacing_bytes(path: Path) -> Iterator[BinaryIO]:
    """Do the same for a file of bytes."""
    with _aside(path) as aside, aside.open("wb") as file:
        yield file


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Name a file beside another one, which takes its place if nothing is raised."""
    aside = path.with_name(f".{path.name}.{os.getpid()}{ASIDE}")
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
