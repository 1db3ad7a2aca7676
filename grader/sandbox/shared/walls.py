"""What stands in for bubblewrap's sandbox where user namespaces are forbidden: Landlock.

The machine's files are there, and nothing can be opened but the interpreter, its packages, the
guest's own code, the course's modules beside it, its data, and one scratch folder. What can't be
left out of a folder is granted piece by piece: our own package lies among the others.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses import PACKAGE
from grader.courses.code.shared_modules import BESIDE
from grader.errors import SandboxUnavailable
from grader.guest.process.limits import Settings, Walls
from grader.guest.walls.landlock import kernel_abi
from grader.sandbox.gpu import driver_folders, gpu_devices
from grader.sandbox.mounts import SHARED_MEMORY, hidden_folders, outermost, python_folders
from grader.sandbox.seccomp import filter_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.courses.code.course_code import CourseCode

__all__ = [
    "folder_in_memory",
    "require_landlock",
    "require_reachable",
    "walled_settings",
]

SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/sbin")
DEVICES = ("null", "zero", "full", "random", "urandom")
ROOM = 16  # times what one submission may write: every job has a folder there


def walled_settings(device: str, course: CourseCode, folder: Path, *, own_user: bool) -> Settings:
    """Lay the guest's code into a folder, beside one to write to; return a server's settings.

    Args:
        device: where submissions will compute.
        course: theirs.
        folder: an empty one.
        own_user: whether the server has a user of its own.

    Raises:
        SandboxUnavailable: this kernel has no Landlock.
    """
    abi = require_landlock()
    code, scratch = folder / "code", folder / "scratch"
    package = code / PACKAGE.name
    for place in (code, scratch, package):
        place.mkdir()
    shown = {package / name: PACKAGE / name for name in ("__init__.py", "guest")}
    if course.beside:
        shown[code / BESIDE] = course.beside
    for link, place in shown.items():
        link.symlink_to(place)
    visible = [place.resolve() for place in map(Path, SYSTEM) if not place.is_symlink()]
    visible = outermost([*visible, *(place.resolve() for place in python_folders())])
    hidden = {place.resolve() for place in hidden_folders(course.folder)}
    pieces = {place: list(pieces_of(place, hidden)) for place in visible if place.exists()}
    files = course.data_files()
    given = [code, *shown.values(), *files, *([course.data] if course.data else [])]
    given += driver_folders() if device != "cpu" else []
    read = [piece for each in pieces.values() for piece in each] + given
    walls = Walls(
        abi=abi,
        read=tuple(map(str, read)),
        listed=tuple(str(place) for place, own in pieces.items() if own != [place]),
        devices=tuple(devices(device)),
        program=filter_program(abi=abi),
        own_user=own_user,
    )
    return Settings(
        isolated=False,
        device=device,
        scratch=(str(scratch),),
        data=str(course.data or ""),
        files=tuple(map(str, files)),
        prepare=course.hooks.prepare,
        cause=course.hooks.cause,
        walls=walls,
    )


def pieces_of(folder: Path, hidden: set[Path]) -> Iterator[Path]:
    """Return what lies in a folder, in as few pieces as leave out what is hidden.

    Links are no pieces of it: where they lead to is, if it is not hidden.
    """
    if not any(place.is_relative_to(folder) for place in hidden):
        yield folder
    elif folder not in hidden:
        for entry in sorted(folder.iterdir()):
            if not entry.is_symlink():
                yield from pieces_of(entry, hidden)


def devices(device: str) -> Iterator[str]:
    """Return the devices that every process has, without terminals, and the GPU's if it is used."""
    yield from (f"/dev/{name}" for name in DEVICES)
    if device != "cpu":
        yield from map(str, gpu_devices())


def require_landlock() -> int:
    """Return the version of Landlock that this kernel has.

    Raises:
        SandboxUnavailable: it has none.
    """
    abi = kernel_abi()
    if not abi:
        raise SandboxUnavailable(
            "this kernel has no Landlock: it came with Linux 5.13, and can be switched off at boot"
        )
    return abi


def require_reachable(needed: Iterable[Path]) -> None:
    """Refuse what a user without rights can't read, which root becomes.

    Raises:
        SandboxUnavailable: such a user can't read all of it.
    """
    for place in needed:
        for each in (place, *place.parents):
            mode = each.stat().st_mode
            due = stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH
            if not mode & due:
                raise SandboxUnavailable(
                    f"root becomes a user without rights first, who can't read {place}: {each} "
                    "is closed to others; install Python and the grader where every user may read "
                    "(`UV_PYTHON_INSTALL_DIR=/opt/python`), or grade as an ordinary user"
                )


def folder_in_memory(needed: int) -> str | None:
    """Return a folder in memory, as bubblewrap's is, where it has room for several times so much.

    Args:
        needed: bytes that a submission may write.
    """
    with suppress(OSError):
        status = os.statvfs(SHARED_MEMORY)
        if status.f_bavail * status.f_frsize > ROOM * needed and os.access(SHARED_MEMORY, os.W_OK):
            return SHARED_MEMORY
    return None
