"""Students' ids where nothing but folders' names tells who they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.disk.tree import Folder

__all__ = ["told_apart"]

MAX_NAME_BYTES = 200  # a report is named after its student, and a file name ends at 255 bytes


def told_apart(folders: Sequence[Folder]) -> Iterator[tuple[str, str]]:
    """Give each folder an id of its own, `name` or `name (2)`, and a note where names are alike."""
    wanted = [_shortened(folder.name) for folder in folders]
    alike = Counter(folder.name for folder in folders)
    reserved, taken = set(wanted), set[str]()
    for folder, name in zip(folders, wanted, strict=True):
        own = _next_free(name, reserved) if name in taken else name
        taken.add(own)
        reserved.add(own)
        yield own, _says_alike(folder.name, own) if alike[folder.name] > 1 else ""


def _says_alike(name: str, student: str) -> str:
    return f"Several folders are called {name}; this one is reported as {student}."


def _shortened(name: str) -> str:
    """Cut a name that is too long for a file name."""
    encoded = name.encode()
    if len(encoded) <= MAX_NAME_BYTES:
        return name
    return encoded[:MAX_NAME_BYTES].decode(errors="ignore") + "…"


def _next_free(name: str, reserved: set[str]) -> str:
    """Return the first of `name (2)`, `name (3)` and so on that nobody has."""
    number = 2
    while f"{name} ({number})" in reserved:
        number += 1
    return f"{name} ({number})"
