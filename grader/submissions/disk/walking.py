"""Look through a folder on the disk, following no link."""

from __future__ import annotations

import os
from collections import deque
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.files.output_folder import STORE, holds_reports
from grader.submissions.disk.files import (
    DiskFile,
    RefusedFile,
    is_a_folder,
    is_a_link,
    is_no_regular_file,
)
from grader.submissions.disk.names import hidden, ignored, printable
from grader.submissions.disk.tree import (
    MAX_DEPTH,
    Folder,
    Remark,
    is_hidden,
    is_reports,
    is_too_deep,
    pruned,
)

if TYPE_CHECKING:
    from grader.courses import Course

__all__ = ["folder_on_disk"]

MAX_ENTRIES = 2_000_000  # in a class, without what is nobody's work; memory ends at about ten times


def folder_on_disk(root: str, course: Course, skip: PurePath | None = None) -> Folder:
    """Return all that lies in a folder, at any depth; no file is opened.

    Args:
        root: absolute, without a link in it.
        course: whose exercises are looked for.
        skip: a folder that is left out; absolute, without a link in it.

    Raises:
        UsageError: there is more in it than any class hands in.
    """
    top = Folder(printable(PurePath(root).name), course)
    walk = _Walk(root, top, skip)
    while walk.waiting:
        walk.fill(*walk.waiting.popleft())
    return pruned(top)


class _Walk:
    """Attributes: waiting: the folders that are still to be listed."""

    def __init__(self, root: str, top: Folder, skip: PurePath | None) -> None:
        self.waiting: deque[tuple[Folder, tuple[str, ...]]] = deque([(top, ())])
        self._root = root
        self._skip = skip
        self._entries = 0

    def fill(self, folder: Folder, parts: tuple[str, ...]) -> None:
        """List one folder."""
        if len(parts) > MAX_DEPTH + 1:  # the outermost is the student's own
            folder.remarks.append(Remark("", is_too_deep))
            return
        try:
            with os.scandir(PurePath(self._root, *parts)) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            folder.remarks.append(Remark("", partial(_closed, error.strerror)))
            return
        self._count(len(entries))
        for entry in entries:
            if not ignored(entry.name):
                self._add(entry, folder, (*parts, entry.name))
            elif entry.name == STORE:
                folder.has_store = True
            elif hidden(entry.name) and _is_folder(entry):
                folder.remarks.append(Remark(printable(entry.name), is_hidden))

    def _count(self, entries: int) -> None:
        self._entries += entries
        if self._entries > MAX_ENTRIES:
            raise UsageError(
                f"{self._root} holds more than {MAX_ENTRIES:,} files and folders; pass the folder "
                "that holds one folder per student"
            )

    def _add(self, entry: os.DirEntry[str], folder: Folder, parts: tuple[str, ...]) -> None:
        name = printable(entry.name)
        if entry.is_symlink():
            self._add_link(entry, folder, parts)
        elif entry.is_dir(follow_symlinks=False):
            if PurePath(entry.path) == self._skip:
                return
            below = folder.holding(name=name)
            folder.folders.append(below)
            self.waiting.append((below, parts))
            if folder.known_as(name):
                folder.files.append(RefusedFile(name, why=is_a_folder))
        elif not entry.is_file(follow_symlinks=False):
            folder.add(RefusedFile(name, why=is_no_regular_file))
        else:
            self._add_file(entry, folder, parts)

    def _add_link(self, link: os.DirEntry[str], folder: Folder, parts: tuple[str, ...]) -> None:
        """Note a link; where students' folders are, one is a student whose work can't be read."""
        name = printable(link.name)
        if _leads_to_reports(link):
            folder.remarks.append(Remark(name, is_reports))
        elif len(parts) == 1 and _is_folder(link):
            folder.folders.append(Folder(name, folder.course, is_link=True))
        elif folder.known_as(name) or _is_folder(link):
            folder.add(RefusedFile(name, why=is_a_link))

    def _add_file(self, entry: os.DirEntry[str], folder: Folder, parts: tuple[str, ...]) -> None:
        name = printable(entry.name)
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            folder.remarks.append(Remark(name, partial(_unread, error.strerror)))
            return
        folder.files.append(
            DiskFile(
                name, modified=status.st_mtime, size=status.st_size, root=self._root, parts=parts
            )
        )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether this is a folder or a link to one; a link in a circle is not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _leads_to_reports(link: os.DirEntry[str]) -> bool:
    try:
        return holds_reports(os.listdir(link.path))
    except OSError:
        return False


def _closed(reason: str | None, name: str) -> str:
    return f"The folder {name} can't be read: {reason}."


def _unread(reason: str | None, name: str) -> str:
    return f"{name} can't be read: {reason}."
