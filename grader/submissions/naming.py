"""Tell by the names in a download whether an LMS gave them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from grader.submissions.disk.tree import Folder

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from grader.submissions.disk.files import FoundFile

__all__ = ["Match", "named", "rest_of"]

MAX_NAME = 300  # characters; a file system has 255 bytes for one
Thing = TypeVar("Thing", Folder, "FoundFile")
Match = tuple[Thing, "re.Match[str]"]


def named(
    things: Sequence[Thing], fits: Callable[[str], re.Match[str] | None]
) -> list[Match[Thing]]:
    """Return the things whose names fit, if those are at least half; else nothing.

    Args:
        things: files or folders.
        fits: the whole name, which is of no great length, against a pattern.
    """
    found = [
        (thing, match)
        for thing in things
        if len(thing.name) <= MAX_NAME and (match := fits(thing.name))
    ]
    return found if 2 * len(found) >= len(things) else []


def rest_of(folder: Folder, taken: Sequence[Match[Folder]] | Sequence[Match[FoundFile]]) -> Folder:
    """Return what of a folder was not taken."""
    ids = {id(thing) for thing, _ in taken}
    return replace(
        folder,
        folders=[each for each in folder.folders if id(each) not in ids],
        files=[each for each in folder.files if id(each) not in ids],
    )
