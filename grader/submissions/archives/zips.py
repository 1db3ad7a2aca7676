"""Zip files, as folders: what is in them, however wrong the zip is."""

from __future__ import annotations

import io
import stat
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.submissions.archives.building import FolderBuilder
from grader.submissions.archives.entry_names import entry_names
from grader.submissions.archives.members import BROKEN_ZIP, member
from grader.submissions.disk.files import RefusedFile, is_a_link, is_no_regular_file

if TYPE_CHECKING:
    from grader.courses import Course
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["zip_folder"]

MAX_DIRECTORY_BYTES = 128 * 2**20  # 400,000 entries with names of 250 characters
BYTES_AN_ENTRY = 320  # in a directory, on average at most


class _CarefulReader(io.BufferedReader):
    """A reader that gives `ZipFile` no directory of any size that a zip declares."""

    most = MAX_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, if it is not too much."""
        if size is not None and size > self.most:
            raise zipfile.BadZipFile("too many entries")
        return super().read(self.most if size is None or size < 0 else size)


def zip_folder(source: FoundFile, course: Course, most: int) -> Folder:
    """Return what is in a zip as a folder; no file of it is unpacked.

    Args:
        source: the zip.
        course: whose exercises are looked for.
        most: files and folders that are looked at.

    Raises:
        UnreadableFile: it is not a zip, or a damaged one.
    """
    try:
        with _CarefulReader(source.open()) as stream:
            stream.most = min(MAX_DIRECTORY_BYTES, 2**16 + most * BYTES_AN_ENTRY)
            with zipfile.ZipFile(stream) as archive:
                infos = archive.infolist()
    except BROKEN_ZIP as error:
        raise UnreadableFile(f"{source.name} can't be read as a zip file: {error}.") from error
    builder = FolderBuilder(source.name, course, most)
    for path, info in zip(entry_names(infos), infos, strict=True):
        builder.add(path, partial(_file, source, info), is_folder=info.is_dir())
        if builder.is_full:
            break
    return builder.finished()


def _file(source: FoundFile, info: zipfile.ZipInfo, name: str) -> FoundFile:
    """Return an entry as a file of this name."""
    mode = info.external_attr >> 16  # of Unix; 0 where the zip has none
    if stat.S_ISLNK(mode):
        return RefusedFile(name, why=is_a_link)
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return RefusedFile(name, why=is_no_regular_file)
    return member(info, source, name)
