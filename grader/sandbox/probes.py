"""What a submission must not be able to do, tried by a submission: the sandbox's own self-test.

The text of this file is loaded into a fresh sandbox, where `open_holes` then runs. So it uses the
standard library, and torch where a GPU is tried, and does no harm where a hole is open.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["gpu_problem", "open_holes"]

PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP, FILTERED = 39, 21, 2
NEW_USER_NAMESPACE = 0x10000000
IPC_PRIVATE, IPC_CREATE, IPC_REMOVE = 0, 0o1600, 0

libc = ctypes.CDLL(None, use_errno=True)


def gpu_problem() -> str:
    """Compute something on the GPU; return why that can't be done, empty if it can."""
    import torch

    try:
        torch.ones(1, device="cuda").add(1).item()
    except Exception as error:  # noqa: BLE001 - whatever the driver raises
        return f"{type(error).__name__}: {error}"
    return ""


def open_holes(
    outside: Sequence[str],
    port: int,
    name: str,
    writable: Sequence[tuple[str, int]],
    most: int,
) -> list[str]:
    """Say what is possible that must not be, as ends of the sentence `a submission can …`.

    Args:
        outside: files and folders of the machine that must not be there.
        port: of the machine's own loopback interface; somebody listens.
        name: of an abstract socket of the machine's; somebody listens.
        writable: the folders that may be written to, and their sizes in bytes.
        most: how many processes and threads a submission may have.
    """
    tries: dict[str, Callable[[], object]] = {
        "read this machine's files": lambda: any(map(is_there, outside)),
        "see this machine's processes": lambda: len(processes()) > 2,
        "reach this machine's network": lambda: connects(socket.AF_INET, ("127.0.0.1", port)),
        "reach this machine's sockets": lambda: connects(socket.AF_UNIX, f"\0{name}"),
        "signal the fork server": lambda: os.kill(1, 0),
        "change the fork server's limits": lambda: resource.prlimit(1, resource.RLIMIT_CORE),
        "read the fork server's memory": lambda: Path("/proc/1/mem").open("rb").close(),
        "use files that the judge has open": lambda: len(own_files()) > 5,
        "use root's rights": lambda: os.getuid() == 0 or has_capabilities(),
        "gain rights": lambda: libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1,
        "make any system call": lambda: libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != FILTERED,
        "make namespaces": lambda: libc.unshare(NEW_USER_NAMESPACE) == 0,
        "leave shared memory behind": lambda: shares_memory() or os.memfd_create("left") >= 0,
        "write where others read": lambda: any(map(is_writable, ["/", "/usr", "/dev", sys.prefix])),
        "fill the memory with files": lambda: any(size_of(path) > size for path, size in writable),
        "start any number of processes": lambda: threads_up_to(2 * most) > most,
    }
    return [what for what, attempt in tries.items() if succeeds(attempt)]


def succeeds(attempt: Callable[[], object]) -> bool:
    """Whether something is possible: it says so, or it was neither denied nor refused."""
    try:
        return attempt() is not False
    except OSError:
        return False


def is_there(path: str) -> bool:
    """Whether a path leads to a file, or to a folder that holds something."""
    place = Path(path)
    return place.is_file() or (place.is_dir() and any(place.iterdir()))


def processes() -> list[str]:
    """Return the processes that can be seen; the fork server and this one are to be expected."""
    return [name for name in os.listdir("/proc") if name.isdigit()]


def connects(family: socket.AddressFamily, address: tuple[str, int] | str) -> bool:
    """Whether somebody answers."""
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        client.connect(address)
    return True


def own_files() -> list[str]:
    """Return the numbers of the files that this process has open."""
    opened = []
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the one that the listing itself had open
            os.fstat(int(number))
            opened.append(number)
    return opened


def has_capabilities() -> bool:
    """Whether any of root's rights is in force."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return any(int(line.split()[1], 16) for line in lines if line.startswith("CapEff"))


def shares_memory() -> bool:
    """Whether shared memory can be had that outlives its process; it is given back."""
    segment = libc.shmget(IPC_PRIVATE, 4096, IPC_CREATE)
    if segment != -1:
        libc.shmctl(segment, IPC_REMOVE, 0)
    return bool(segment != -1)


def is_writable(path: str) -> bool:
    """Whether a folder's file system can be written to, whoever may."""
    return not os.statvfs(path).f_flag & os.ST_RDONLY


def size_of(path: str) -> int:
    """Return how many bytes a file system holds."""
    status = os.statvfs(path)
    return status.f_blocks * status.f_frsize


def threads_up_to(most: int) -> int:
    """Start threads until there are too many; return how many there were."""
    end = threading.Event()
    started: list[threading.Thread] = []
    with contextlib.suppress(RuntimeError):
        while len(started) < most:
            thread = threading.Thread(target=end.wait)
            thread.start()
            started.append(thread)
    end.set()
    for thread in started:
        thread.join()
    return len(started)
