"""Files that were found and not read yet, and how each is read without trusting it."""

from __future__ import annotations

import errno
import os
import stat
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase
    from typing import NoReturn

__all__ = [
    "MAX_FILE_BYTES",
    "DiskFile",
    "FoundFile",
    "RefusedFile",
    "is_a_folder",
    "is_a_link",
    "is_no_regular_file",
    "whole",
]

MAX_FILE_BYTES = 10 * 2**20  # a notebook full of plots has a few MB
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


@dataclass(frozen=True)
class FoundFile(ABC):
    """A file that was listed; nothing of its content is in memory.

    Attributes:
        name: its path inside the submission, printable, with forward slashes.
        modified: seconds since the epoch, to choose the newest.
        size: bytes as declared when it was listed; for messages only.
        attempt: the number that the LMS gave the attempt it belongs to, or 0.
    """

    name: str
    modified: float = 0.0
    size: int = 0
    attempt: int = 0

    @abstractmethod
    def open(self) -> BufferedIOBase:
        """Open it as a stream that can seek.

        Raises:
            UnreadableFile: it can't be read; the message says why.
        """

    def read(self, limit: int) -> bytes:
        """Read at most `limit` bytes from its beginning."""
        with self.open() as stream:
            try:
                return stream.read(limit)
            except OSError as error:
                raise UnreadableFile(f"{self.name} can't be read: {error.strerror}.") from error


@dataclass(frozen=True)
class RefusedFile(FoundFile):
    """Something that is not read at all: a link, a folder, a pipe.

    Attributes:
        why: makes a sentence of the name, which says the reason.
    """

    why: Callable[[str], str] = str

    def open(self) -> BufferedIOBase:
        """Refuse."""
        raise UnreadableFile(self.why(self.name))


@dataclass(frozen=True)
class DiskFile(FoundFile):
    """A file in a folder; no part of its path below `root`, nor `root` itself, may be a link.

    Attributes:
        root: the submission's folder.
        parts: folders and file name below it, as the file system spells them.
    """

    root: str = ""
    parts: tuple[str, ...] = ()

    def open(self) -> BufferedIOBase:
        """Open it, if it still is a regular file."""
        try:
            descriptor = self._descriptor()
        except OSError as error:
            self._explain(error)
        stream = os.fdopen(descriptor, "rb")
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            stream.close()
            raise UnreadableFile(is_no_regular_file(self.name))
        return stream

    def _descriptor(self) -> int:
        """Go down one folder at a time, so that no folder can become a link on the way."""
        folder = os.open(self.root, _FOLDER)
        try:
            for part in self.parts[:-1]:
                below = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = below
            return os.open(self.parts[-1], _FILE, dir_fd=folder)
        finally:
            os.close(folder)

    def _explain(self, error: OSError) -> NoReturn:
        """Turn the system's error into a sentence for the student."""
        if error.errno == errno.ELOOP:
            problem = is_a_link(self.name)
        elif error.errno == errno.ENXIO:
            problem = is_no_regular_file(self.name)
        elif isinstance(error, FileNotFoundError):
            problem = f"{self.name} was there when the class was listed, and is gone now."
        else:
            problem = f"{self.name} can't be read: {error.strerror}."
        raise UnreadableFile(problem) from error


def is_a_link(name: str) -> str:
    """Say that a link is not followed."""
    return f"{name} is a link, and links are not followed."


def is_a_folder(name: str) -> str:
    """Say that a folder stands where a file belongs."""
    return f"{name} is a folder, and a file was expected."


def is_no_regular_file(name: str) -> str:
    """Say that a pipe, socket or device stands where a file belongs."""
    return f"{name} is not a regular file (a pipe, a socket or a device), and is not opened."


def whole(found: FoundFile, limit: int = MAX_FILE_BYTES) -> bytes:
    """Read a whole file, if it is not over the limit.

    Raises:
        UnreadableFile: it is too large, or can't be read.
    """
    content = found.read(limit + 1)
    if len(content) <= limit:
        return content
    most = f"{limit / 2**20:.1f} MB"
    has = f"{found.size / 2**20:.1f} MB" if found.size > limit else f"more than {most}"
    raise UnreadableFile(f"{found.name} is too large: it has {has}, and at most {most} are read.")
