"""Zips that programs write in ways of their own.

- Backslashes between folders: .NET up to 4.6 and PowerShell's `Compress-Archive` on it
  (dotnet/core-setup #3577; APPNOTE.TXT 4.4.17.1 asks for forward slashes).
- Names in the code page of the machine, without the flag that says UTF-8 (APPNOTE.TXT, appendix D):
  cp437 where the archiver keeps to the standard, GBK from Chinese Windows, UTF-8 from macOS's own
  Archive Utility, which long left the flag out.
- Decomposed letters (NFD), as HFS+ stored names.
- `__MACOSX/` with an AppleDouble file for each file, and `.DS_Store` in each folder.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from lms.folders import called, names
from lms.packing import Download, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["backslashes", "code_page", "decomposed", "gbk", "macos", "unflagged_utf8"]

UTF8_FLAG = 0x800
APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "


def backslashes() -> Download:
    """Return a class whose zip has backslashes."""
    return _packed("backslashes", lambda entries: _zip_with(entries, "utf-8", "\\"))


def code_page() -> Download:
    """Return those whose names cp437 has."""
    return _packed("cp437", lambda entries: _zip_with(entries, "cp437"), "cp437")


def gbk() -> Download:
    """Return those whose names GBK has."""
    return _packed("gbk", lambda entries: _zip_with(entries, "gbk"), "gbk")


def unflagged_utf8() -> Download:
    """Return a class whose names are UTF-8, and nothing says so."""
    return _packed("unflagged-utf8", lambda entries: _zip_with(entries, "utf-8"))


def decomposed() -> Download:
    """Return a class whose names are decomposed; a grader shows them composed."""
    whole = names()
    entries = tuple(
        replace(each, path=unicodedata.normalize("NFD", each.path)) for each in whole.entries
    )
    return replace(whole, name="decomposed", entries=entries)


def macos() -> Download:
    """Return a class as macOS zips it."""
    whole = names()
    entries: list[Entry] = []
    for each in whole.entries:
        folder, _, name = each.path.rpartition("/")
        entries += [each, Entry(f"__MACOSX/{folder}/._{name}", APPLE_DOUBLE)]
    folders = dict.fromkeys(each.path.rpartition("/")[0] for each in whole.entries)
    entries += [Entry(f"{folder}/.DS_Store", b"\x00\x00\x00\x01Bud1") for folder in ("", *folders)]
    tidy = tuple(replace(each, path=each.path.lstrip("/")) for each in entries)
    return replace(whole, name="macos", entries=tidy)


class _RawName(zipfile.ZipInfo):
    """An entry whose name is written in an encoding that nothing tells of."""

    encoding = "utf-8"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode(self.encoding), self.flag_bits & ~UTF8_FLAG


def _packed(
    name: str, packed: Callable[[Iterable[Entry]], bytes], encoding: str = "utf-8"
) -> Download:
    whole = names()
    expected = tuple(each for each in whole.expected if _has(encoding, called(each.person)))
    folders = {called(each.person) for each in expected}
    entries = tuple(each for each in whole.entries if each.path.partition("/")[0] in folders)
    return replace(whole, name=name, entries=entries, expected=expected, packed=packed)


def _has(encoding: str, name: str) -> bool:
    try:
        return bool(name.encode(encoding))
    except UnicodeEncodeError:
        return False


def _zip_with(entries: Iterable[Entry], encoding: str, separator: str = "/") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in entries:
            info = _RawName(entry.path, entry.changed.timetuple()[:6])
            info.filename, info.encoding = entry.path.replace("/", separator), encoding
            archive.writestr(info, entry.content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
