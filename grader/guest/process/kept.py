"""What a submission keeps that needs no process to be there: files, and sockets not yet read."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from grader.guest.process.limits import DISK, FILES, MAX_SOCKETS, SOCKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.guest.process.cleaning import Processes
    from grader.guest.process.limits import GuestLimits

__all__ = ["InItsFolders", "InSharedFolders", "Kept"]

BLOCK_BYTES = 512  # stat(2)
SOCKSTAT_BYTES = 4_096


class Kept(Protocol):
    """Looks at what a submission keeps."""

    def exceeded(self, limits: GuestLimits) -> int:
        """Return which limit that is over, 0 for none."""


@dataclass(frozen=True)
class InItsFolders:
    """Looks at file systems that are the submission's alone, and at a network that is.

    All are open files, so that who has been given them can look from outside as well.

    Attributes:
        sockets: what the kernel says about the network's sockets.
        folders: one of each file system.
    """

    sockets: int
    folders: tuple[int, ...]

    @classmethod
    def opened(cls, folders: Iterable[str]) -> Self:
        """Open some folders, and what tells of this process's network."""
        sockets = os.open("/proc/net/sockstat", os.O_RDONLY)
        return cls(sockets, tuple(os.open(each, os.O_RDONLY | os.O_DIRECTORY) for each in folders))

    def exceeded(self, limits: GuestLimits) -> int:
        """Return which limit their content is over, 0 for none."""
        stored = [os.statvfs(folder) for folder in self.folders]
        if sum(each.f_files - each.f_ffree for each in stored) > limits.files:
            return FILES
        used = sum((each.f_blocks - each.f_bfree) * each.f_frsize for each in stored)
        if used > limits.disk_bytes:
            return DISK
        return SOCKETS if self._sockets() > MAX_SOCKETS else 0

    def _sockets(self) -> int:
        """Return how many sockets there are in this network, also those that nobody has open."""
        first, _, _ = os.pread(self.sockets, SOCKSTAT_BYTES, 0).partition(b"\n")
        return int(first.split()[-1])

    def close(self) -> None:
        """Close what is open."""
        for each in (self.sockets, *self.folders):
            os.close(each)


@dataclass(frozen=True)
class InSharedFolders:
    """Looks at folders of a file system that others use, too, and at what processes have open.

    What is neither in a folder nor open in a process is not seen: a deleted file that is mapped, a
    socket that is under way in another.
    """

    folders: tuple[str, ...]
    processes: Processes

    def exceeded(self, limits: GuestLimits) -> int:
        """Return which limit is exceeded, 0 for none."""
        found = _Found(limits.files, limits.disk_bytes)
        for folder in self.folders:
            found.look_into(folder)
        for process in self.processes.all():
            found.look_at(process)
        return found.over


@dataclass
class _Found:
    """What was found so far; the search ends where it is too much."""

    most_files: int
    most_bytes: int
    files: int = 0
    size: int = 0
    sockets: set[int] = field(default_factory=set)
    deleted: set[tuple[int, int]] = field(default_factory=set)

    @property
    def over(self) -> int:
        if self.files > self.most_files:
            return FILES
        if self.size > self.most_bytes:
            return DISK
        return SOCKETS if len(self.sockets) > MAX_SOCKETS else 0

    def look_into(self, folder: str) -> None:
        """Add what is in a folder, however deep; too deep to look counts as too much."""
        opened = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY)]
        left = [self._entries(opened[0])]
        try:
            while left and not self.over:
                if not left[-1]:
                    left.pop()
                    os.close(opened.pop())
                elif (inner := self._enter(left[-1].pop(), opened[-1])) >= 0:
                    opened.append(inner)
                    left.append(self._entries(inner))
        except OSError:  # no more folders can be open at a time
            self.files = self.most_files + 1
        finally:
            for each in opened:
                os.close(each)

    def _entries(self, folder: int) -> list[str]:
        """Count what is in a folder; return the folders in it."""
        inner = []
        with os.scandir(folder) as every:
            for entry in every:
                with suppress(FileNotFoundError):  # it has just been deleted
                    self._count(entry.stat(follow_symlinks=False))
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(entry.name)
                if self.over:
                    break
        return inner

    @staticmethod
    def _enter(name: str, folder: int) -> int:
        """Open a folder that is ours to read, whatever its mode says; -1 where it is gone."""
        flags = os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            return os.open(name, os.O_RDONLY | flags, dir_fd=folder)
        except (FileNotFoundError, NotADirectoryError):
            return -1
        except PermissionError:
            place = os.open(name, os.O_PATH | flags, dir_fd=folder)
            try:
                os.chmod(f"/proc/self/fd/{place}", 0o700)  # noqa: PTH101 - no path leads there
                return os.open(f"/proc/self/fd/{place}", os.O_RDONLY | os.O_DIRECTORY)
            finally:
                os.close(place)

    def _count(self, status: os.stat_result) -> None:
        self.files += 1
        self.size += status.st_blocks * BLOCK_BYTES

    def look_at(self, process: int) -> None:
        """Add sockets that a process has open, and files that are in no folder any more."""
        with suppress(OSError):  # it has ended, or is another program, which can't be read
            for number in os.listdir(f"/proc/{process}/fd"):
                with suppress(OSError):
                    self._add(os.stat(f"/proc/{process}/fd/{number}"))  # noqa: PTH116 - many of them

    def _add(self, status: os.stat_result) -> None:
        if stat.S_ISSOCK(status.st_mode):
            self.sockets.add(status.st_ino)
        elif stat.S_ISREG(status.st_mode) and not status.st_nlink:
            key = status.st_dev, status.st_ino
            if key not in self.deleted:
                self.deleted.add(key)
                self._count(status)
