"""What exercises say of their files, and of each other: what can't be meant is told."""

from __future__ import annotations

import keyword
import sys
from typing import TYPE_CHECKING, Any

from grader.courses.files import is_declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Entry = Mapping[str, Any]  # what stands under one `[[exercises]]`

__all__ = ["faults", "is_taken"]

OURS = frozenset({"beside", "data", "grader", "kit", "numpy", "torch", "torchvision"})
TAKEN = OURS | sys.stdlib_module_names


def is_taken(path: str) -> bool:
    """Tell whether a module would be found in the place of one that Python or we have."""
    return path.partition("/")[0].removesuffix(".py") in TAKEN


def faults(entries: Sequence[Entry]) -> Iterator[tuple[int, str, str]]:
    """Give the number of an entry, the key in it and what is wrong with that, for each fault."""
    owners = {name.lower(): each["name"] for each in entries for name in _own_names(each)}
    modules: list[str] = []
    for number, entry in enumerate(entries):
        for key, words in (*_in_files(entry, owners), *_in_entry(entry), *_in_uses(entry, modules)):
            yield number, key, words
        if not entry.get("cells"):
            modules.append(entry["name"])


def _own_names(entry: Entry) -> list[str]:
    """Return the files that are an exercise's by its name."""
    return [] if entry.get("files") else [f"{entry['name']}.py", f"{entry['name']}.ipynb"]


def _in_files(entry: Entry, owners: dict[str, str]) -> Iterator[tuple[str, str]]:
    for pattern in entry.get("files", ()):
        if pattern.endswith(".ipynb"):
            yield "files", f"{pattern!r} is a notebook, and those are handed in alone"
        elif is_taken(pattern):
            yield "files", f"{pattern!r} has the name of a module that is there: rename it"
        elif other := owners.get(pattern.lower()):
            yield "files", f"{pattern!r} belongs to the exercise {other!r} already"
        owners[pattern.lower()] = entry["name"]
    if entry.get("files") and entry.get("cells"):
        yield "cells", "an exercise has either `cells` or `files`"


def _in_entry(entry: Entry) -> Iterator[tuple[str, str]]:
    name, files = entry["name"], entry.get("files", ())
    if not files and (is_taken(f"{name}.py") or keyword.iskeyword(name)):
        yield "name", f"{name!r} is a word of Python, or a module that is there: rename it"
    module = entry.get("entry", name)
    path = module.replace(".", "/")
    if files and not (
        is_declared(f"{path}.py", files) or is_declared(f"{path}/__init__.py", files)
    ):
        key = "entry" if "entry" in entry else "files"
        yield key, f"none of its files is the module {module!r}: say in `entry` which one is asked"
    if "entry" in entry and not files:
        yield "entry", "an `entry` is one of several `files`, and there are none"


def _in_uses(entry: Entry, modules: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in entry.get("uses", ()):
        if name not in modules:
            yield "uses", f"{name!r} is no module of an exercise that comes before this one"
