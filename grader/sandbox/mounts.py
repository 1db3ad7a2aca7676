"""What the sandbox shows of the machine, and where in it a submission may write.

The interpreter, its packages, the guest's own code, the course's modules beside it and its data are
there, all read only, and two small scratch folders in memory.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses import PACKAGE, resource
from grader.courses.code.shared_modules import BESIDE
from grader.sandbox.gpu import driver_folders, gpu_devices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses.code.course_code import CourseCode

__all__ = [
    "COURSE_DATA",
    "DATA",
    "GUEST_CODE",
    "SCRATCH",
    "SHARED_MEMORY",
    "hidden_folders",
    "mount_options",
    "outermost",
    "python_folders",
    "scratch_folders",
    "shown_data",
]

GUEST_CODE = "/lab/code"  # where the sandbox has `grader.guest`, and the course's `beside`
DATA = "/lab/data"  # where the sandbox has the files that the course's hook names
COURSE_DATA = "/lab/course"  # where it has the course's own
SCRATCH = "/tmp"
SHARED_MEMORY, SHARED_MEMORY_BYTES = "/dev/shm", 64 * 2**20
TERMINALS = "/dev/pts"  # thousands of them could be had, each with memory of the kernel's


def mount_options(device: str, scratch_bytes: int, course: CourseCode) -> list[str]:
    """Show the guest what it needs, read only, and hide what must not be seen in that."""
    options = [*system(device), *devices(device)]
    for folder, most in scratch_folders(scratch_bytes).items():
        options += ["--perms", "0700", "--size", str(most), "--tmpfs", folder]
    options += ["--remount-ro", "/dev", *python(course.folder)]
    options += read_only(PACKAGE / "__init__.py", f"{GUEST_CODE}/grader/__init__.py")
    options += read_only(PACKAGE / "guest", f"{GUEST_CODE}/grader/guest")
    if course.beside:
        options += read_only(course.beside, f"{GUEST_CODE}/{BESIDE}")
    for file in course.data_files():
        options += read_only(file, shown_data(file))
    options += read_only(course.data, COURSE_DATA) if course.data else []
    return [*options, "--remount-ro", "/"]


def shown_data(file: Path) -> str:
    """Return where a submission finds a file that the course's hook `data` names."""
    return f"{DATA}/{file.name}"


def read_only(place: Path, shown: str = "") -> list[str]:
    """Show a file or folder, under its own name if there is no other."""
    return ["--ro-bind", str(place), shown or str(place)]


def system(device: str) -> list[str]:
    """Show the system's programs and libraries, and a GPU's driver if it is used."""
    options = read_only(Path("/usr"))
    for name in ("bin", "lib", "lib64", "sbin"):
        folder = Path("/") / name
        if folder.is_symlink():
            options += ["--symlink", f"usr/{name}", str(folder)]
        elif folder.is_dir():
            options += read_only(folder)
    for folder in driver_folders() if device != "cpu" else ():
        options += [] if folder.is_relative_to("/usr") else read_only(folder)
    return [*options, "--proc", "/proc"]


def devices(device: str) -> list[str]:
    """Show the devices that every process has, without terminals, and the GPU's if it is used."""
    options = ["--dev", "/dev", "--tmpfs", TERMINALS, "--remount-ro", TERMINALS]
    for node in gpu_devices() if device != "cpu" else ():
        options += ["--dev-bind", str(node), str(node)]
    return options


def python(course: Path) -> list[str]:
    """Show the interpreter and its packages, without us and the course's folder among them."""
    roofs = roofs_in_scratch(python_folders())
    options = [word for roof in roofs for word in ("--tmpfs", roof)]
    for folder in python_folders():
        options += read_only(folder)
    for hidden in map(str, hidden_folders(course)):
        options += ["--tmpfs", hidden, "--remount-ro", hidden]
    return options + [word for roof in roofs for word in ("--remount-ro", roof)]


def scratch_folders(most: int) -> dict[str, int]:
    """Return where a submission may write, and how many bytes each of these folders holds.

    Args:
        most: bytes that it may write in all.
    """
    return {SCRATCH: most, SHARED_MEMORY: min(most, SHARED_MEMORY_BYTES)}


def roofs_in_scratch(folders: Iterable[Path]) -> list[str]:
    """Return the folders in the scratch folder below which some folders are shown.

    Each gets a read-only file system of its own: what is mounted can be neither moved nor replaced.
    """
    shown = {folder for folder in folders if folder.is_relative_to(SCRATCH)}
    roofs = {Path(SCRATCH, folder.relative_to(SCRATCH).parts[0]) for folder in shown}
    return sorted(map(str, roofs - shown))


def python_folders() -> list[Path]:
    """Return where the interpreter and its packages are, as far as `/usr` does not hold them."""
    folders = {
        Path(sys.base_prefix),
        Path(sys.prefix),
        Path(sys.executable).resolve().parent.parent,
    }
    folders |= {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve()}
    return outermost(folder for folder in folders if not folder.is_relative_to("/usr"))


def hidden_folders(course: Path) -> list[Path]:
    """Return what must not be seen in the visible folders: this package, its checkout, a course."""
    visible = [Path("/usr"), *python_folders()]
    # an editable installation leaves data, exercises and templates among the packages
    left = Path(sysconfig.get_path("purelib")) / PACKAGE.name
    return outermost(
        folder
        for folder in (PACKAGE, resource("templates").parent, left, course)
        if folder.is_dir()
        and any(folder.is_relative_to(place) for place in visible)
        and not any(place.is_relative_to(folder) for place in visible)
    )


def outermost(folders: Iterable[Path]) -> list[Path]:
    """Return the folders that lie in none of the others."""
    ordered = sorted(set(folders))
    return [
        folder
        for folder in ordered
        if not any(folder != other and folder.is_relative_to(other) for other in ordered)
    ]
