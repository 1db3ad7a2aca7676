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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
    baits: Mapping[str, Any], writable: Sequence[tuple[str, int]], most: int
) -> list[str]:
    """Say what is possible that must not be, as ends of the sentence `a submission can …`.

    Args:
        baits: what must be out of reach: `files` of the machine to read, a `folder` that anybody
            may write to, a `port` of its loopback interface and the `name` of an abstract socket
            where somebody listens, the `socket` that has a path, and the number of the `judge`, 0
            where numbers mean something else here.
        writable: the folders that may be written to and are file systems of their own, and their
            sizes in bytes; none where they are shared.
        most: how many processes and threads a submission may have; 0 where they are only watched.
    """
    judge, server = baits["judge"], os.getppid()
    tries: dict[str, Callable[[], object]] = {
        "read this machine's files": lambda: any(map(is_readable, baits["files"])),
        "see this machine's processes": lambda: len(processes()) > 2,
        "reach this machine's network": lambda: connects(
            socket.AF_INET, ("127.0.0.1", baits["port"])
        ),
        "reach this machine's sockets": lambda: any(
            connects_to(address) for address in (f"\0{baits['name']}", baits["socket"])
        ),
        "signal the fork server": lambda: signals(server),
        "change the fork server's limits": lambda: resource.prlimit(server, resource.RLIMIT_CORE),
        "read the fork server's memory": lambda: Path(f"/proc/{server}/mem").open("rb").close(),
        "signal the judge": lambda: judge and signals(judge),
        "read the judge's memory": lambda: judge and is_readable(f"/proc/{judge}/environ"),
        "use files that the judge has open": lambda: len(own_files()) > 5,
        "use root's rights": lambda: os.getuid() == 0 or has_capabilities(),
        "gain rights": lambda: libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1,
        "make any system call": lambda: libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != FILTERED,
        "make namespaces": lambda: libc.unshare(NEW_USER_NAMESPACE) == 0,
        "leave shared memory behind": lambda: shares_memory() or os.memfd_create("left") >= 0,
        "write where others read": lambda: any(map(is_writable, [baits["folder"], "/dev/shm"])),
        "change files of others": lambda: changes(baits["files"][0]),
        "start any number of processes": lambda: most and threads_up_to(2 * most) > most,
    }
    if writable:
        roots = ["/", "/usr", "/dev", sys.prefix]
        tries["write where others read"] = lambda: any(map(is_on_writable_disk, roots))
        tries["fill the memory with files"] = lambda: any(
            size_of(at) > most for at, most in writable
        )
    return [what for what, attempt in tries.items() if succeeds(attempt)]


def succeeds(attempt: Callable[[], object]) -> bool:
    """Whether something is possible: it says so, or it was neither denied nor refused."""
    try:
        return attempt() not in (False, 0)
    except OSError:
        return False


def is_readable(path: str) -> bool:
    """Whether a path leads to a file that can be read, or to a folder that shows something."""
    try:
        return bool(os.listdir(path))
    except NotADirectoryError:
        with Path(path).open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def is_writable(folder: str) -> bool:
    """Whether a file can be made in a folder, which is deleted."""
    file = Path(folder, "made")
    try:
        file.touch()
    except OSError:
        return False
    file.unlink()
    return True


def changes(path: str) -> bool:
    """Whether a file's mode or times can be changed."""
    before = Path(path).stat()
    with contextlib.suppress(OSError):
        Path(path).chmod(0o600)
    with contextlib.suppress(OSError):
        os.utime(path, (1, 1))
    after = Path(path).stat()
    return (before.st_mode, before.st_mtime) != (after.st_mode, after.st_mtime)


def signals(process: int) -> bool:
    """Whether a process can be signalled; none is."""
    os.kill(process, 0)
    return True


def processes() -> list[str]:
    """Return the processes that can be seen; the fork server and this one are to be expected."""
    return [name for name in os.listdir("/proc") if name.isdigit()]


def connects_to(address: str) -> bool:
    """Whether somebody answers at a socket of the machine's."""
    try:
        return connects(socket.AF_UNIX, address)
    except OSError:
        return False


def connects(family: socket.AddressFamily, address: tuple[str, int] | str) -> bool:
    """Whether somebody answers."""
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        client.connect(address)
    return True


def own_files() -> list[int]:
    """Return the numbers of the files that this process has open."""
    opened = []
    for number in range(resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        with contextlib.suppress(OSError):
            os.fstat(number)
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


def is_on_writable_disk(path: str) -> bool:
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
