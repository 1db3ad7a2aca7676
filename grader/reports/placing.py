"""Put files in place in one step: whoever reads one gets the old one or the new one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from typing import TextIO

__all__ = ["keep_only", "replace", "replacing"]


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a file that takes the place of another once all of it is written; else nothing does."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            yield file
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def replace(path: Path, text: str) -> None:
    """Write a file in one step."""
    with replacing(path) as file:
        file.write(text)


def keep_only(folder: Path, names: Collection[str]) -> None:
    """Remove the pages of a folder that an earlier run wrote and this one did not."""
    for page in folder.glob("*.html"):
        if page.name not in names:
            page.unlink()
