"""Look through one student's folder, following no link."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from grader.output_folder import holds_reports
from grader.submissions.archives import list_inner_zip
from grader.submissions.files import (
    DiskFile,
    is_a_folder,
    is_a_link,
    is_no_regular_file,
)
from grader.submissions.listing import (
    MAX_DEPTH,
    MAX_ENTRIES,
    Listing,
    is_hidden,
    is_zip,
    reports_left_out,
)
from grader.submissions.names import hidden, ignored, known_as, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_folder", "list_folder"]


def list_folder(root: str) -> Listing:
    """Find the known files of a folder at any depth, shallow ones first."""
    listing = Listing()
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        parts = waiting.popleft()
        for entry in _entries(root, parts, listing):
            below = (*parts, entry.name)
            if _is_a_folder_to_enter(entry, root, below, listing):
                waiting.append(below)
    return listing


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether this is a folder or a link to one; a link in a circle is not."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entries(root: str, parts: tuple[str, ...], listing: Listing) -> Iterator[os.DirEntry[str]]:
    """Give what is in one folder, as far as there is room; nothing of one that the grader wrote."""
    folder = shown(parts or (PurePath(root).name,))
    try:
        with os.scandir(PurePath(root, *parts)) as scanned:
            entries = list(islice(scanned, MAX_ENTRIES + 1))
    except OSError as error:
        listing.note(f"The folder {folder} can't be read: {error.strerror}.")
        return
    names = {entry.name for entry in entries}
    if holds_reports(names) and not any(map(known_as, names)):
        listing.is_reports = not parts
        listing.note(reports_left_out(folder))
        return
    for entry in entries:
        if not listing.has_room():
            return
        if hidden(entry.name) and is_folder(entry):
            listing.note(is_hidden(shown((*parts, entry.name))))
        elif not ignored(entry.name):
            yield entry


def _is_a_folder_to_enter(
    entry: os.DirEntry[str], root: str, parts: tuple[str, ...], listing: Listing
) -> bool:
    """Keep a known file; tell whether this is a folder to look into."""
    if entry.is_symlink():
        if known_as(entry.name) or is_folder(entry):
            listing.refuse(parts, is_a_link)
        return False
    if entry.is_dir(follow_symlinks=False):
        return _may_enter(parts, listing)
    if known_as(entry.name) or is_zip(entry.name):
        _keep(entry, root, parts, listing)
    return False


def _may_enter(parts: tuple[str, ...], listing: Listing) -> bool:
    """Tell whether a folder is not too deep; one that is named like a file is a problem too."""
    if known_as(parts[-1]):
        listing.refuse(parts, is_a_folder)
    if len(parts) > MAX_DEPTH:
        listing.note(f"Folders more than {MAX_DEPTH} deep were not looked into.")
        return False
    return True


def _keep(entry: os.DirEntry[str], root: str, parts: tuple[str, ...], listing: Listing) -> None:
    """Keep a known file for later, and look into a zip."""
    if not entry.is_file(follow_symlinks=False):
        listing.refuse(parts, is_no_regular_file)
        return
    name = shown(parts)
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        listing.note(f"{name} can't be read: {error.strerror}.")
        return
    file = DiskFile(name, status.st_mtime, status.st_size, root=root, parts=parts)
    if known_as(entry.name):
        listing.found.append(file)
    else:
        list_inner_zip(file, parts, listing)
