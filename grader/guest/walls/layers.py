"""The layers: who keeps watch, the fork server in it, and each submission in that.

Landlock lets a process signal and trace what is in its own layer or further in, and nothing else.
So a submission reaches no process but its own, the fork server ends all of a submission by one
signal to everybody, and who keeps watch ends both in that way, also where the fork server is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.guest.process.cleaning import Processes
from grader.guest.walls.landlock import READING, SCOPES, Files, install_filter, restrict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.process.limits import Settings, Walls

__all__ = ["enclose_child", "enclose_server", "processes_within"]

WRITING = Files.known(5) & ~(Files.MAKE_CHAR | Files.MAKE_BLOCK)
TO_A_FILE = Files.READ_FILE | Files.WRITE_FILE | Files.TRUNCATE  # as `open(path, "w")` opens it
# what a program may ask about itself and about the machine
OF_ITSELF = ("stat", "statm", "status", "schedstat", "maps")
OF_THE_MACHINE = ("cpuinfo", "meminfo", "stat")


def enclose_server(walls: Walls, scratch: tuple[str, ...]) -> None:
    """Put the fork server within its layer, from where it sees the processes of the machine."""
    table = ("/proc", TO_A_FILE | Files.READ_DIR)
    restrict(walls.abi, [*rules(walls, scratch), table])


def enclose_child(walls: Walls, scratch: tuple[str, ...]) -> None:
    """Put this process, which is to run a submission, within a layer of its own, and filter it."""
    told = [f"/proc/self/{name}" for name in OF_ITSELF]
    told += [f"/proc/{name}" for name in OF_THE_MACHINE]
    restrict(walls.abi, [*rules(walls, scratch), *((path, Files.READ_FILE) for path in told)])
    install_filter(walls.program)


def rules(walls: Walls, scratch: tuple[str, ...]) -> Iterator[tuple[str, Files]]:
    """Say what may be done where, but in the table of processes."""
    yield from ((folder, WRITING) for folder in scratch)
    yield from ((path, READING) for path in walls.read)
    yield from ((folder, Files.READ_DIR) for folder in walls.listed)
    yield from ((device, TO_A_FILE | Files.IOCTL_DEV) for device in walls.devices)


def processes_within(settings: Settings) -> Processes:
    """Return the processes of a submission or, for who keeps watch, the server's with them."""
    scoped = settings.walls is not None and settings.walls.abi >= SCOPES
    return Processes(alone=settings.isolated, swept=settings.isolated or scoped)
