"""What a submission may use of the machine, and what the report says once it has used it up."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from types import CodeType

__all__ = [
    "CPU",
    "DISK",
    "FILES",
    "HOOK",
    "MAX_SOCKETS",
    "MEMORY",
    "OF_THE_GPU",
    "PROCESSES",
    "SOCKETS",
    "STACK_BYTES",
    "GuestLimits",
    "Settings",
    "Walls",
    "limit_behind",
    "words_of",
]

HOOK = "the course's hook "  # how the last words of a server begin that could not ask one
MEMORY, CPU, PROCESSES, OPEN_FILES, DISK, FILES, FILE_SIZE, SOCKETS, GPU_MEMORY = range(1, 10)
BY_ERROR = {
    errno.ENOMEM: MEMORY,
    errno.EAGAIN: PROCESSES,
    errno.EMFILE: OPEN_FILES,
    errno.ENOSPC: DISK,
    errno.EFBIG: FILE_SIZE,
}
MB = 2**20
MAX_SOCKETS = 256  # each holds up to 0.4 MB that nobody has read; a loader's workers have a dozen
OF_THE_GPU = "the free memory of the GPU"
STACK_BYTES = 8 * MB  # what a stack usually may grow to, whatever the judge's own may


class GuestLimits(msgspec.Struct, frozen=True):
    """What all processes of one submission together may use, unless a line says otherwise.

    Attributes:
        memory_bytes: on top of what torch itself takes.
        cpu_s: CPU time.
        processes: processes and threads at a time.
        open_files: of one process.
        disk_bytes: in the scratch folders, which are in memory.
        files: in the scratch folders.
        file_bytes: of one file.
    """

    memory_bytes: int = 2 * 2**30
    cpu_s: int = 900
    processes: int = 64
    open_files: int = 256
    disk_bytes: int = 128 * MB
    files: int = 20_000
    file_bytes: int = 64 * MB


class Walls(msgspec.Struct, frozen=True):
    """What holds a submission where there are no namespaces.

    Attributes:
        abi: the version of Landlock to use.
        read: files, and folders with all that is below, that may be read.
        listed: folders below which names may be read.
        devices: files that may be read and written.
        program: the system call filter.
        own_user: whether the server's user is its own alone.
        user_has: how many processes its user had before it, where that is another.
    """

    abi: int
    read: tuple[str, ...]
    listed: tuple[str, ...]
    devices: tuple[str, ...]
    program: bytes
    own_user: bool
    user_has: int = 0


class Settings(msgspec.Struct, frozen=True):
    """What the judge asks of a server.

    Attributes:
        isolated: whether this is PID 1 of a sandbox that is its own.
        device: where the submissions will compute; nothing here may touch CUDA.
        scratch: the folders that are emptied after a submission; it begins in the first.
        data: a folder that it finds there as `data`; empty for none.
        files: those that the course's hook `data` names, as they are there.
        prepare: the course's hook of this name, empty for none.
        cause: likewise.
        walls: what holds submissions instead of a sandbox of its own, if anything does.
    """

    isolated: bool
    device: str
    scratch: tuple[str, ...]
    data: str = ""
    files: tuple[str, ...] = ()
    prepare: str = ""
    cause: str = ""
    walls: Walls | None = None


def words_of(limit: int, limits: GuestLimits) -> str:
    """Name a limit with its size: `2 GB of memory`."""
    return {
        MEMORY: f"{size_in_words(limits.memory_bytes)} of memory",
        CPU: f"{limits.cpu_s} s of CPU time",
        PROCESSES: f"{limits.processes} processes and threads",
        OPEN_FILES: f"{limits.open_files} open files",
        DISK: f"{size_in_words(limits.disk_bytes)} of files",
        FILES: f"{limits.files} files",
        FILE_SIZE: f"{size_in_words(limits.file_bytes)} in one file",
        SOCKETS: f"{MAX_SOCKETS} sockets",
        GPU_MEMORY: OF_THE_GPU,
    }.get(limit, "a submission may")


def size_in_words(size: int) -> str:
    """Return a number of bytes in the largest unit that leaves at least one: `1.5 GB`."""
    units = ((2**30, "GB"), (MB, "MB"), (2**10, "KB"))
    unit, name = next((each for each in units if size >= each[0]), (1, "bytes"))
    return f"{size / unit:.3g} {name}"


def limit_behind(error: BaseException, code: CodeType | None) -> int:
    """Return which limit an exception is due to, 0 for none.

    Args:
        error: what was raised.
        code: of the innermost frame that it came through.
    """
    torch = sys.modules.get("torch")
    if torch and isinstance(error, torch.OutOfMemoryError):  # of the CPU, torch raises it never
        return GPU_MEMORY
    if isinstance(error, MemoryError):
        return MEMORY
    if isinstance(error, OSError):
        return BY_ERROR.get(error.errno or 0, 0)
    if isinstance(error, RuntimeError):
        if code is not None and Path(code.co_filename).name == "threading.py":
            return PROCESSES if code.co_name == "start" else 0
        # torch has no type for this one, on the CPU
        return MEMORY if "DefaultCPUAllocator" in str(error) else 0
    return 0
