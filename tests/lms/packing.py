"""Downloads: what lies in one, what it tells of each student, and how it is written to a disk."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lms.people import File, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = [
    "Download",
    "Entry",
    "Expected",
    "Form",
    "expecting",
    "files_in",
    "without_text_box",
    "write",
    "zip_bytes",
]

DOWNLOADED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Form(Enum):
    """How a download lies on the instructor's disk."""

    FOLDER = "folder"
    ZIP = "zip"
    FOLDER_OF_ZIPS = "folder-of-zips"
    ZIP_OF_ZIPS = "zip-of-zips"
    TAR = "tar.gz"


@dataclass(frozen=True)
class Entry:
    """A file of a download, and what time of change its zip has for it."""

    path: str
    content: bytes
    changed: datetime = DOWNLOADED


@dataclass(frozen=True)
class Expected:
    """What a download tells of one student (or of one group, where it names no members).

    Attributes:
        person: who it is; the one who handed in for the group.
        id: what the LMS calls the student by in this download; unique in it.
        name: as the download spells it, or empty where it has none.
        graded: by exercise, the content that counts.
        unclaimed: base names of files that are for no exercise.
        late: None where the download does not tell.
        attempt: the number of the newest attempt where the download counts them, else 0.
        submitted_at: None where the download does not tell.
        text: whether something was typed into the LMS's text box.
    """

    person: Person
    id: str
    name: str = ""
    email: str = ""
    login: str = ""
    group: str = ""
    graded: Mapping[str, bytes] = field(default_factory=dict)
    unclaimed: tuple[str, ...] = ()
    late: bool | None = None
    attempt: int = 0
    submitted_at: datetime | None = None
    text: bool = False


@dataclass(frozen=True)
class Download:
    """What an LMS gives.

    Attributes:
        name: which one, as the tests call it.
        file_name: the zip's name, without `.zip`.
        entries: paths with forward slashes, as they are in the zip.
        expected: in the class's order.
        student_folders: how many folders down each student has one of their own: 1 where they are
            outermost, 0 where no student has one.
        packed: writes the zip, where that is not done as everybody does it.
    """

    name: str
    file_name: str
    entries: tuple[Entry, ...]
    expected: tuple[Expected, ...]
    student_folders: int = 1
    packed: Callable[[Iterable[Entry]], bytes] | None = None

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms in which an instructor may have it."""
        if self.packed:
            return (Form.ZIP,)
        whole = (Form.FOLDER, Form.ZIP, Form.TAR)
        return (*whole, Form.FOLDER_OF_ZIPS, Form.ZIP_OF_ZIPS) if self.student_folders else whole


def expecting(person: Person, id_: str, **told: object) -> Expected:
    """Say what a download tells of a person whose files are all in it."""
    known = Expected(person, id_, graded=person.graded, unclaimed=person.unclaimed)
    return replace(known, text=bool(person.text) and not person.files, **told)  # type: ignore[arg-type] # the names are checked when it runs


def write(download: Download, form: Form, into: Path) -> Path:
    """Write a download into a folder; return the path that an instructor would pass."""
    file = into / download.file_name
    entries = download.entries
    if form in {Form.FOLDER_OF_ZIPS, Form.ZIP_OF_ZIPS}:
        entries = _a_zip_each(entries, download.student_folders)
    if form in {Form.FOLDER, Form.FOLDER_OF_ZIPS}:
        return _as_folder(entries, file)
    content = _tar_bytes(entries) if form is Form.TAR else (download.packed or zip_bytes)(entries)
    path = file.with_name(file.name + (".tar.gz" if form is Form.TAR else ".zip"))
    path.write_bytes(content)
    return path


def zip_bytes(entries: Iterable[Entry]) -> bytes:
    """Pack entries as most programs do: deflated, other letters as UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.path, entry.changed.timetuple()[:6])
            archive.writestr(info, entry.content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _tar_bytes(entries: Iterable[Entry]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry.path)
            info.size, info.mtime = len(entry.content), int(entry.changed.timestamp())
            archive.addfile(info, io.BytesIO(entry.content))
    return gzip.compress(buffer.getvalue(), mtime=0)


def _as_folder(entries: Iterable[Entry], folder: Path) -> Path:
    for entry in entries:
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.content)
        os.utime(path, (entry.changed.timestamp(),) * 2)
    return folder


def _a_zip_each(entries: Iterable[Entry], depth: int) -> tuple[Entry, ...]:
    """Pack what lies in each student's folder into a zip beside it; leave the rest as it is."""
    packed: dict[str, list[Entry]] = {}
    rest: list[Entry] = []
    for entry in entries:
        parts = PurePosixPath(entry.path).parts
        if len(parts) <= depth:
            rest.append(entry)
            continue
        inside = replace(entry, path="/".join(parts[depth:]))
        packed.setdefault("/".join(parts[:depth]), []).append(inside)
    zips = (Entry(f"{folder}.zip", zip_bytes(files)) for folder, files in packed.items())
    return (*rest, *zips)


def files_in(folder: str, files: Iterable[File], changed: datetime = DOWNLOADED) -> list[Entry]:
    """Put files into a folder under their own names."""
    return [Entry(f"{folder}/{file.name}", file.content, changed) for file in files]


def without_text_box(students: Iterable[Person]) -> list[Person]:
    """Return who handed in anything where there is no text box: a text then is a file."""
    handed_in = []
    for each in students:
        if each.text and not each.files:
            answer = File("answers.txt", each.text.encode())
            handed_in.append(replace(each, files=(answer,), unclaimed=(answer.name,), text=""))
        elif each.files:
            handed_in.append(replace(each, text=""))
    return handed_in
