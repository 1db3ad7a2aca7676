"""Zip files: what is in them, and how one entry is read, however wrong the zip is."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.output_folder import holds_reports
from grader.submissions.files import is_a_folder, is_a_link, is_no_regular_file
from grader.submissions.listing import MAX_DEPTH, is_hidden, is_zip, reports_left_out
from grader.submissions.members import BROKEN_ZIP, member
from grader.submissions.names import hidden, ignored, known_as, printable, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.submissions.files import FoundFile
    from grader.submissions.listing import Listing

__all__ = ["Entry", "ZipDirectory", "list_entries", "list_inner_zip", "read_directory"]

MAX_ZIP_ENTRIES = 100_000
MAX_DIRECTORY_BYTES = 32 * 2**20  # 100,000 entries with names of 250 characters
_DRIVE = re.compile(r"[A-Za-z]:")
_UTF8 = 0x800


@dataclass(frozen=True)
class Entry:
    """One entry of a zip.

    Attributes:
        parts: its folders and its name.
        info: what the zip's directory says about it.
    """

    parts: tuple[str, ...]
    info: zipfile.ZipInfo

    @property
    def mode(self) -> int:
        """The Unix mode, or 0 where the zip has none."""
        return self.info.external_attr >> 16

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return stat.S_ISLNK(self.mode)

    @property
    def is_odd(self) -> bool:
        """Whether it is neither a file nor a folder."""
        return stat.S_IFMT(self.mode) not in {0, stat.S_IFREG, stat.S_IFDIR}


@dataclass(frozen=True)
class ZipDirectory:
    """The entries of a zip that are safe to look at, and what is to be said about the others.

    Attributes:
        left_out: a sentence for each folder that may have been meant and is not looked into.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]


class _CarefulReader(io.BufferedReader):
    """A reader that gives `ZipFile` no directory of any size that a zip declares."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, if it is not too much."""
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("too many entries")
        return super().read(MAX_DIRECTORY_BYTES if size is None or size < 0 else size)


def read_directory(source: FoundFile) -> ZipDirectory:
    """Read what is in a zip, but no file of it.

    Raises:
        UnreadableFile: it is not a zip, or a damaged one.
    """
    try:
        with _CarefulReader(source.open()) as stream, zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except BROKEN_ZIP as error:
        raise UnreadableFile(f"{source.name} can't be read as a zip file: {error}.") from error
    names = [(_entry_name(info), info) for info in islice(infos, MAX_ZIP_ENTRIES)]
    unsafe = [name for name, info in names if _is_unsafe(name)]
    entries = [Entry(_parts(name), info) for name, info in names if not _is_unsafe(name)]
    reports = _reports_in(entries)
    left_out = dict.fromkeys(
        [
            *(reports_left_out(shown(folder) or source.name) for folder in sorted(reports)),
            *_hidden_in(entries),
        ]
    )
    return ZipDirectory(
        tuple(entry for entry in entries if entry.parts and _counts(entry, reports)),
        tuple(_about_rest(source.name, len(infos), unsafe)),
        tuple(left_out),
    )


def _reports_in(entries: Iterable[Entry]) -> set[tuple[str, ...]]:
    """Return the folders that the grader wrote."""
    files: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in entries:
        if 0 < len(entry.parts) <= MAX_DEPTH and not entry.info.is_dir():
            files[entry.parts[:-1]].add(entry.parts[-1])
    return {
        folder
        for folder, names in files.items()
        if holds_reports(names) and not any(map(known_as, names))
    }


def _hidden_in(entries: Iterable[Entry]) -> Iterator[str]:
    """Say of each outermost folder that it begins with a dot, if somebody may have meant it."""
    for entry in entries:
        folders = entry.parts if entry.info.is_dir() else entry.parts[:-1]
        depth = next((at for at, part in enumerate(folders) if ignored(part)), MAX_DEPTH)
        if depth < MAX_DEPTH and hidden(folders[depth]):
            yield is_hidden(shown(folders[: depth + 1]))


def _counts(entry: Entry, reports: set[tuple[str, ...]]) -> bool:
    """Tell whether an entry may be of a student's work."""
    if any(map(ignored, entry.parts)):
        return False
    depths = range(min(len(entry.parts), MAX_DEPTH) + 1) if reports else ()
    return not any(entry.parts[:depth] in reports for depth in depths)


def list_entries(
    entries: Iterable[Entry], source: FoundFile, listing: Listing, *, inside: tuple[str, ...] = ()
) -> None:
    """Add the known files among one student's entries of the zip file `source`.

    A zip of the student's own lies `inside` the submission; a zip in that is not looked into.
    """
    for entry in entries:
        if not listing.has_room():
            return
        parts = (*inside, *entry.parts)
        if len(parts) > MAX_DEPTH + 1:
            listing.note(f"Folders more than {MAX_DEPTH} deep were not looked into.")
        elif entry.is_link:
            listing.refuse(parts, is_a_link)
        elif entry.is_odd:
            listing.refuse(parts, is_no_regular_file)
        elif entry.info.is_dir():
            if known_as(parts[-1]):
                listing.refuse(parts, is_a_folder)
        elif known_as(parts[-1]):
            listing.found.append(member(entry.info, source, parts))
        elif is_zip(parts[-1]) and not inside:
            list_inner_zip(member(entry.info, source, parts), parts, listing)


def list_inner_zip(source: FoundFile, parts: tuple[str, ...], listing: Listing) -> None:
    """Add the known files of a zip that a student handed in, at `parts` of the submission."""
    try:
        directory = read_directory(source)
    except UnreadableFile as error:
        listing.note(str(error))
        return
    for note in (*directory.notes, *directory.left_out):
        listing.note(note)
    list_entries(directory.entries, source, listing, inside=parts)


def _entry_name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: most programs write UTF-8, some without saying so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _parts(name: str) -> tuple[str, ...]:
    """Return the folders and the name in an entry's path."""
    return tuple(part for part in name.split("/") if part not in {"", "."})


def _is_unsafe(name: str) -> bool:
    """Tell whether a name leads out of the zip, on any system."""
    leads_out = name.startswith("/") or ".." in name.split("/")
    return leads_out or "\\" in name or "\0" in name or _DRIVE.match(name) is not None


def _about_rest(zip_name: str, entries: int, unsafe: list[str]) -> Iterator[str]:
    """Say what was not looked at."""
    if entries > MAX_ZIP_ENTRIES:
        yield f"Only the first {MAX_ZIP_ENTRIES:,} entries of {zip_name} were looked at."
    if unsafe:
        yield (
            f"{zip_name} holds entries whose names lead out of it or are not portable; "
            f"{len(unsafe)} ignored, the first is {printable(unsafe[0])[:100]!r}."
        )
