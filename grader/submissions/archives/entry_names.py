"""The names of a zip's entries, as they were meant by whoever packed them."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

__all__ = ["entry_names"]

_UTF8 = 0x800
_UNICODE_PATH = 0x7075  # the extra field of Info-ZIP that holds the name in UTF-8
_FIELD = struct.Struct("<HH")
_COMMON_HANZI = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe])+")  # GB 2312's pairs, which GBK keeps
_HIGH = re.compile(rb"[\x80-\xff]")


def entry_names(infos: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Give each entry's name; where nothing says in which encoding, it is told from all of them.

    Names that are marked as UTF-8 are. Most programs that do not mark them write UTF-8 all the
    same, old ones of Windows their country's code page: cp437 in the West, GBK in China.
    """
    raw = [b"" if each.flag_bits & _UTF8 else _raw(each) for each in infos]
    unmarked = [name for name in raw if name and not name.isascii() and not _is_utf8(name)]
    encoding = "gb18030" if _is_chinese(unmarked) else "cp437"
    for name, info in zip(raw, infos, strict=True):
        yield _unicode_path(info) or (_decoded(name, encoding) if name else info.orig_filename)


def _raw(info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an unmarked name, which zipfile took for cp437."""
    return info.orig_filename.encode("cp437", "replace")


def _decoded(name: bytes, encoding: str) -> str:
    return name.decode("utf-8" if _is_utf8(name) else encoding, "replace")


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(names: Sequence[bytes]) -> bool:
    """Tell whether most bytes outside ASCII are pairs of common Chinese characters."""
    high = sum(len(_HIGH.findall(name)) for name in names)
    pairs = sum(len(run) for name in names for run in _COMMON_HANZI.findall(name))
    return pairs * 2 > high


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """Return the name in UTF-8 that stands beside the old one, if it belongs to it."""
    extra = info.extra
    while len(extra) >= _FIELD.size:
        kind, size = _FIELD.unpack_from(extra)
        field, extra = extra[_FIELD.size : _FIELD.size + size], extra[_FIELD.size + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1 and _is_utf8(field[5:]):
            of = int.from_bytes(field[1:5], "little")
            return field[5:].decode() if of == zlib.crc32(_raw(info)) else ""
    return ""
