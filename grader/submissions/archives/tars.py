"""Tar files, packed or not, as folders; POSIX only."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import IO, TYPE_CHECKING, cast

from grader.errors import UnreadableFile
from grader.submissions.archives.building import FolderBuilder
from grader.submissions.disk.files import FoundFile, RefusedFile, is_a_link, is_no_regular_file

if TYPE_CHECKING:
    from grader.courses import Course
    from grader.submissions.disk.tree import Folder

__all__ = ["tar_folder"]

REMEMBERED = 4  # archives that lie unpacked in the system's folder for temporary files
CHUNK = 2**20
BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)


def tar_folder(source: FoundFile, course: Course, limit: int, most: int) -> Folder:
    """Return what is in a tar file as a folder.

    Args:
        source: the archive; its packing is told by how it begins.
        course: whose exercises are looked for.
        limit: bytes that it may have when it is unpacked.
        most: files and folders that are looked at.

    Raises:
        UnreadableFile: it is no tar file, a damaged one, or a larger one.
    """
    plain = _Plain(source.name, source=source, limit=limit)
    builder = FolderBuilder(source.name, course, most)
    try:
        with plain.open() as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            for info in archive:
                builder.add(info.name, partial(_file, plain, info), is_folder=info.isdir())
                if builder.is_full:
                    break
    except BROKEN as error:
        raise UnreadableFile(f"{source.name} can't be read as a tar file: {error}.") from error
    return builder.finished()


def _file(plain: _Plain, info: tarfile.TarInfo, name: str) -> FoundFile:
    """Return an entry as a file of this name."""
    if info.issym() or info.islnk():
        return RefusedFile(name, why=is_a_link)
    if not info.isreg() or info.issparse():
        return RefusedFile(name, why=is_no_regular_file)
    modified = float(max(info.mtime, 0))
    return _TarMember(
        name, modified=modified, size=info.size, source=plain, offset=info.offset_data
    )


@dataclass(frozen=True)
class _Plain(FoundFile):
    """A tar file without its packing."""

    source: FoundFile | None = None
    limit: int = 0

    def open(self) -> io.BufferedIOBase:
        """Open what was unpacked; it is unpacked once."""
        stream = os.fdopen(os.dup(_unpacked(self).descriptor), "rb")
        stream.seek(0)  # the place in it is shared by all who have it open
        return stream


class _Unpacked:
    """A file without a name, which goes when nobody needs it any more."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self.descriptor = os.dup(file.fileno())

    def __del__(self) -> None:
        os.close(self.descriptor)


@lru_cache(REMEMBERED)
def _unpacked(file: _Plain) -> _Unpacked:
    """Unpack a file into the system's folder for temporary files."""
    unpacked = _Unpacked()
    if file.source is None:
        return unpacked
    try:
        with file.source.open() as stream, os.fdopen(os.dup(unpacked.descriptor), "wb") as plain:
            _unpack(stream, plain, file.limit)
    except BROKEN as error:
        raise UnreadableFile(f"{file.name} is damaged: {error}.") from error
    return unpacked


def _unpack(stream: io.BufferedIOBase, plain: IO[bytes], limit: int) -> None:
    unpacked = _reader(stream)
    left = limit
    while chunk := unpacked.read(min(CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            raise tarfile.TarError(f"it has more than {limit / 2**20:.0f} MB when it is unpacked")
        plain.write(chunk)


def _reader(
    stream: io.BufferedIOBase,
) -> io.BufferedIOBase | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    """Return what unpacks a stream, told by how it begins."""
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=stream)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    if start.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMAFile(cast("IO[bytes]", stream))
    return stream


@dataclass(frozen=True)
class _TarMember(FoundFile):
    """A file in a tar file."""

    source: _Plain | None = None
    offset: int = 0

    def open(self) -> io.BytesIO:
        """Read it into memory, as far as its size goes."""
        return io.BytesIO(self.read(self.size))

    def read(self, limit: int) -> bytes:
        """Read at most `limit` bytes from its beginning."""
        if self.source is None:
            return b""
        with self.source.open() as stream:
            stream.seek(self.offset)
            return stream.read(min(limit, self.size))
