"""Which file of an exercise that has several a student's file stands for, by its name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.courses.files import is_declared
from grader.courses.known_names import COPY, EXACT, OTHER_CASE, KnownName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Exercise
    from grader.submissions.disk.files import FoundFile

    Named = list[tuple[KnownName, FoundFile]]

__all__ = ["Candidates", "folder_of"]

PACKAGE = "__init__.py"
# how browsers and LMSs count what has the name of something that is there
_COUNTED = re.compile(r"(?P<stem>.+?)(?: ?\((?P<a>\d{1,3})\)|-(?P<b>\d{1,3}))")


@dataclass
class Candidates:
    """Finds out of names which file of an exercise each may be."""

    exercise: Exercise
    by_path: dict[str, str] = field(init=False)
    by_name: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        expected = self.exercise.file_names
        self.by_path = {path.lower(): path for path in expected}
        names = Counter(path.rpartition("/")[2].lower() for path in expected)
        flat = {path.rpartition("/")[2].lower(): path for path in expected}
        self.by_name = {name: path for name, path in flat.items() if names[name] == 1}

    def of(self, found: Sequence[FoundFile]) -> dict[str, Named]:
        """Return the files that may be each, by its path in the course.

        A file in its folder comes before one that lies somewhere else: an LMS, or whoever packs a
        zip, may have left the folder out. The right spelling comes before one in other letters.
        """
        named: defaultdict[str, Named] = defaultdict(list)
        flat: defaultdict[str, Named] = defaultdict(list)
        for file in found:
            if told := self._in_its_folder(file.name):
                named[told.exercise].append((told, file))
            elif told := self._by_its_name(file.name):
                flat[told.exercise].append((told, file))
        # every package has an `__init__.py`: it is this one's where another file of it is beside
        named_so = (pair for path, each in flat.items() if not _is_package(path) for pair in each)
        folders = {folder_of(file) for _, file in named_so}
        for path, each in flat.items():
            beside = [pair for pair in each if folder_of(pair[1]) in folders]
            if path not in named and beside:
                named[path] = beside
        return {path: _well_spelled(each) for path, each in named.items()}

    def _in_its_folder(self, name: str) -> KnownName | None:
        for pattern in self.exercise.files:
            path = "/".join(name.split("/")[-1 - pattern.count("/") :])
            plain, number = _without_number(path)
            own = self.by_path.get(path.lower()) or (number and self.by_path.get(plain.lower()))
            if own and fnmatchcase(own.lower(), pattern.lower()):
                exact = EXACT if path == own else OTHER_CASE
                distance = exact if path.lower() == own.lower() else COPY
                return KnownName(own, PurePosixPath(own).suffix, distance, number)
            if is_declared(path, [pattern]) and _can_be_meant(path):
                return KnownName(path, PurePosixPath(path).suffix, EXACT)
        return None

    def _by_its_name(self, name: str) -> KnownName | None:
        plain, number = _without_number(name.rpartition("/")[2])
        own = self.by_name.get(plain.lower())
        return KnownName(own, PurePosixPath(own).suffix, COPY, number) if own else None


def _without_number(path: str) -> tuple[str, int]:
    """Return a path without what counts copies, and the number: `engine (2).py`, `engine-2.py`."""
    stem, dot, ending = path.rpartition(".")
    counted = _COUNTED.fullmatch(stem[-300:])
    if counted is None:
        return path, 0
    return stem[:-300] + counted["stem"] + dot + ending, int(counted["a"] or counted["b"])


def folder_of(file: FoundFile) -> str:
    """Return the folder that a file lies in, as a path in the submission."""
    return file.name.rpartition("/")[0]


def _can_be_meant(path: str) -> bool:
    """Tell whether a module's name can be imported, and another file's is more than dots."""
    stem, _, ending = path.rpartition("/")[2].rpartition(".")
    return stem.isidentifier() if ending == "py" else stem.strip(".") != ""


def _is_package(path: str) -> bool:
    return path.rpartition("/")[2] == PACKAGE


def _well_spelled(files: Named) -> Named:
    """Leave out those in other letters where one has the right ones."""
    return [pair for pair in files if pair[0].distance != OTHER_CASE] or files
