"""Folders made of an archive's entries, however hostile their names are."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from grader.files.output_folder import STORE
from grader.submissions.disk.files import RefusedFile, is_a_folder
from grader.submissions.disk.names import hidden, ignored, printable
from grader.submissions.disk.tree import (
    MAX_DEPTH,
    Folder,
    Remark,
    is_hidden,
    is_too_deep,
    pruned,
    without_ending,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.courses import Course
    from grader.submissions.disk.files import FoundFile

__all__ = ["MAX_ENTRIES", "FolderBuilder"]

MAX_ENTRIES = 400_000  # files and folders: 700 students with 500 each
MAX_PATH = 4_096  # characters of an entry's name; no system unpacks a longer one
_DRIVE = re.compile(r"[A-Za-z]:")


class FolderBuilder:
    """Makes folders of the entries of an archive, as they come.

    Attributes:
        most: files and folders that it takes in.
        is_full: whether there were more.
    """

    def __init__(self, name: str, course: Course, most: int) -> None:
        self.most = most
        self.is_full = False
        stem, ending = without_ending(name)
        self._top = Folder(stem, course, ending)
        self._folders: dict[tuple[str, ...], Folder] = {(): self._top}
        self._unsafe: list[str] = []
        self._hidden: set[tuple[str, ...]] = set()
        self._is_too_deep = False

    def add(self, path: str, make: Callable[[str], FoundFile], *, is_folder: bool) -> None:
        """Take in one entry, which `make` makes a file of, given its name."""
        path = path.replace("\\", "/")  # some programs of Windows write it so
        if _is_unsafe(path):
            self._unsafe.append(path)
            return
        parts = tuple(part for part in path.split("/") if part not in {"", "."})
        is_folder = is_folder or path.endswith("/")
        if not parts or self._leaves_out(parts, is_folder=is_folder):
            return
        # A student's folder, those below, and the file.
        if len(parts) > MAX_DEPTH + 2 or len(path) > MAX_PATH:
            self._is_too_deep = True
        elif not self._has_place():
            return
        elif is_folder:
            self._folder(parts)
        else:
            self._folder(parts[:-1]).add(make(printable(parts[-1])))

    def _has_place(self) -> bool:
        """Count what is taken in, of which one entry may make many folders."""
        self._top.entries += 1
        self.is_full = self.is_full or self._top.entries > self.most
        return not self.is_full

    def _leaves_out(self, parts: tuple[str, ...], *, is_folder: bool) -> bool:
        """Tell whether an entry is of a system or a program; note what somebody may have meant."""
        at = next((at for at, part in enumerate(parts) if ignored(part)), None)
        if at is None:
            return False
        where = parts[: at + 1]
        if where == parts and parts[at] == STORE:
            self._folder(where[:-1]).has_store = True
        is_a_folder_itself = is_folder or len(parts) > len(where)
        if is_a_folder_itself and hidden(parts[at]) and where not in self._hidden:
            self._hidden.add(where)
            if at <= MAX_DEPTH:
                self._folder(where[:-1]).remarks.append(Remark(printable(parts[at]), is_hidden))
        return True

    def _folder(self, parts: tuple[str, ...]) -> Folder:
        """Return the folder at a path, made with all above it."""
        missing = len(parts)
        while parts[:missing] not in self._folders:
            missing -= 1
        folder = self._folders[parts[:missing]]
        for depth in range(missing, len(parts)):
            self._top.entries += 1
            below = folder.holding(name=printable(parts[depth]))
            folder.folders.append(below)
            if folder.known_as(below.name):
                folder.files.append(RefusedFile(below.name, why=is_a_folder))
            folder = self._folders[parts[: depth + 1]] = below
        return folder

    def finished(self) -> Folder:
        """Return the outermost folder."""
        for folder in self._folders.values():
            folder.folders.sort(key=lambda each: each.name)
            folder.files.sort(key=lambda each: each.name)
        if self._is_too_deep:
            self._top.remarks.append(Remark("", is_too_deep))
        self._top.is_cut_off = self.is_full
        if self.is_full:
            self._top.remarks.append(Remark("", partial(_has_too_many, self.most)))
        if self._unsafe:
            self._top.remarks.append(Remark("", partial(_are_unsafe, self._unsafe)))
        return pruned(self._top)


def _is_unsafe(path: str) -> bool:
    """Tell whether a name leads out of the zip, on any system."""
    leads_out = path.startswith("/") or ".." in path.split("/")
    return leads_out or "\0" in path or _DRIVE.match(path) is not None


def _has_too_many(most: int, name: str) -> str:
    return f"Only the first {most:,} files and folders of {name} were looked at."


def _are_unsafe(paths: Sequence[str], name: str) -> str:
    return (
        f"{name} holds entries whose names lead out of it; "
        f"{len(paths)} ignored, the first is {printable(paths[0])[:100]!r}."
    )
