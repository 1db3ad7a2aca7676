"""One file in a zip: described by the zip's directory, unpacked when it is read."""

from __future__ import annotations

import calendar
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache

from grader.errors import UnreadableFile
from grader.submissions.disk.files import FoundFile, RefusedFile, whole

__all__ = ["BROKEN_ZIP", "member"]

BROKEN_ZIP = (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, struct.error)
REMEMBERED = 2  # archives, of 50 MB each at most
MAX_INNER_ZIP_BYTES = 50 * 2**20  # a zip in a zip is unpacked in memory
_HEADER = struct.Struct("<4s22x2H")  # signature, then the lengths of name and extra field
_SIGNATURE = b"PK\3\4"
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class ZipMember(FoundFile):
    """A file in a zip.

    It is unpacked here, because `ZipFile` reads the directory of the whole class again for each.
    Declared sizes are not trusted: unpacking stops at the limit of who reads.
    """

    source: FoundFile | None = None
    offset: int = 0
    packed: int = 0
    method: int = zipfile.ZIP_STORED
    checksum: int = 0

    def open(self) -> io.BytesIO:
        """Unpack it into memory."""
        return io.BytesIO(_unpacked_archive(self))

    def read(self, limit: int) -> bytes:
        """Unpack at most `limit` bytes."""
        if self.method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnreadableFile(
                f"{self.name} is packed by a rare method ({self.method}); plain zip files are read."
            )
        try:
            content = self._unpacked(limit)
        except (*BROKEN_ZIP, zlib.error) as error:
            raise UnreadableFile(f"{self.name} is damaged in its zip file.") from error
        if len(content) < limit and zlib.crc32(content) != self.checksum:
            raise UnreadableFile(f"{self.name} is damaged in its zip file.")
        return content

    def _unpacked(self, limit: int) -> bytes:
        """Find the entry's bytes and unpack them."""
        if self.source is None:
            raise EOFError
        with self.source.open() as stream:
            stream.seek(self.offset)
            signature, name, extra = _HEADER.unpack(stream.read(_HEADER.size))
            if signature != _SIGNATURE:
                raise zipfile.BadZipFile
            stream.seek(name + extra, io.SEEK_CUR)
            # What does not shrink grows a little when it is packed.
            packed = stream.read(min(self.packed, limit + limit // 1000 + 1024))
        if self.method == zipfile.ZIP_STORED:
            return packed[:limit]
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, limit)


@lru_cache(REMEMBERED)
def _unpacked_archive(file: ZipMember) -> bytes:
    """Unpack an archive that lies in another once, not again for each of its files."""
    return whole(file, MAX_INNER_ZIP_BYTES)


def _is_encrypted(name: str) -> str:
    return f"{name} is encrypted; it is needed without a password."


def member(info: zipfile.ZipInfo, source: FoundFile, name: str) -> FoundFile:
    """Return an entry as a file that can be read later."""
    if info.flag_bits & _ENCRYPTED:
        return RefusedFile(name, why=_is_encrypted)
    try:
        modified = calendar.timegm((*info.date_time, 0, 0, 0))
    except ValueError:  # a month 0, a day 31 of June
        modified = 0
    return ZipMember(
        name,
        modified=modified,
        size=info.file_size,
        source=source,
        offset=info.header_offset,
        packed=info.compress_size,
        method=info.compress_type,
        checksum=info.CRC,
    )
