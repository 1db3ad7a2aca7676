"""The command line that starts a fork server: in bubblewrap, held by Landlock, or by nothing.

Bubblewrap's sandbox shows the interpreter, its packages and the guest's own code. Everything else
of the machine is not there: no home, no hidden suites, no submissions, no network, no environment.
"""

from __future__ import annotations

import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.courses import PACKAGE
from grader.courses.code.shared_modules import BESIDE
from grader.errors import SandboxUnavailable
from grader.guest.process.limits import Settings
from grader.sandbox.gpu import driver_folders
from grader.sandbox.mounts import (
    COURSE_DATA,
    GUEST_CODE,
    SCRATCH,
    mount_options,
    outermost,
    python_folders,
    scratch_folders,
    shown_data,
)
from grader.sandbox.shared.walls import require_landlock, require_reachable, walled_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.courses.code.course_code import CourseCode

__all__ = [
    "WITHOUT",
    "Isolation",
    "Wanted",
    "environment",
    "isolated_command",
    "open_command",
    "require_isolation",
    "walled_command",
]

WITHOUT = (
    ", or pass `--sandbox none`, which lets submissions read and change everything that you can"
)
UNPRIVILEGED = 20001  # any id that owns nothing
# what is loaded stays: to look through it for garbage meanwhile takes a tenth of the time
BOOT = (
    "import gc, sys; gc.disable(); sys.path.insert(0, sys.argv.pop(1)); "
    "from grader.guest.process.server import main; main(sys.argv[1:])"
)


class Isolation(StrEnum):
    """How submissions are kept apart from the machine and from each other."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"
    NONE = "none"


class Wanted(StrEnum):
    """What may be asked for: one of these, or the strongest that this machine allows."""

    AUTO = "auto"
    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"
    NONE = "none"


def environment(*, device: str, scratch: str) -> dict[str, str]:
    """Return the whole environment of a guest; one thread, so that its children can have more."""
    variables = {
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "USER": "student",  # torch asks for a name, and the sandbox has no list of users
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "MPLBACKEND": "agg",
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
    }
    if device == "cpu":
        variables["CUDA_VISIBLE_DEVICES"] = ""
    elif folders := driver_folders():
        variables["LD_LIBRARY_PATH"] = ":".join(map(str, folders))
    return variables


def server_arguments(code: str, control_fd: int, settings: Settings) -> list[str]:
    """Return the interpreter's command line for a server."""
    written = msgspec.json.encode(settings).decode()
    return [sys.executable, "-I", "-c", BOOT, code, str(control_fd), written]


def open_command(device: str, course: CourseCode, control_fd: int, folder: Path) -> list[str]:
    """Start a server without a sandbox: same protocol, no protection.

    Args:
        device: where submissions will compute.
        course: theirs.
        control_fd: the server's socket.
        folder: an empty one, for its code and for what submissions write.
    """
    code, scratch = folder / "code", folder / "scratch"
    for place in (code, scratch):
        place.mkdir()
    (code / PACKAGE.name).symlink_to(PACKAGE, target_is_directory=True)
    if course.beside:
        (code / BESIDE).symlink_to(course.beside, target_is_directory=True)
    shown = str(course.data or ""), tuple(map(str, course.data_files()))
    asked = course.hooks.prepare, course.hooks.cause
    settings = Settings(False, device, (str(scratch),), *shown, *asked)
    return server_arguments(str(code), control_fd, settings)


def walled_command(
    device: str, course: CourseCode, control_fd: int, folder: Path, user: int | None
) -> list[str]:
    """Start a server that is held by Landlock and by a filter of its own.

    Args:
        device: where submissions will compute.
        course: theirs.
        control_fd: the server's socket.
        folder: an empty one, for its code and for what submissions write.
        user: the id that the server is to have, if not this process's.

    Raises:
        SandboxUnavailable: this kernel has no Landlock, or that user could not read what it needs.
    """
    settings = walled_settings(device, course, folder, own_user=user is not None)
    if user is not None:
        needed = filter(None, [course.beside, course.data, *course.data_files()])
        require_reachable([Path(sys.executable), *python_folders(), PACKAGE, *needed, folder])
        (scratch,) = settings.scratch
        os.chown(scratch, user, user)
    return server_arguments(str(folder / "code"), control_fd, settings)


def isolated_command(
    device: str, disk_bytes: int, course: CourseCode, control_fd: int, seccomp_fd: int
) -> list[str]:
    """Start a server as PID 1 of a bubblewrap sandbox.

    Args:
        device: where submissions will compute.
        disk_bytes: the most that files may take in the scratch folders of any of them.
        course: theirs.
        control_fd: the server's socket.
        seccomp_fd: an open file that holds the filter program.

    Raises:
        SandboxUnavailable: bubblewrap is not installed.
    """
    bwrap = require_isolation(Isolation.BUBBLEWRAP)
    command = [bwrap, *namespace_options(), "--clearenv"]
    for name, value in environment(device=device, scratch=SCRATCH).items():
        command += ["--setenv", name, value]
    command += mount_options(device, disk_bytes, course)
    command += ["--seccomp", str(seccomp_fd), "--chdir", SCRATCH]
    files = course.data_files()
    shown = COURSE_DATA if course.data else "", tuple(map(shown_data, files))
    asked = course.hooks.prepare, course.hooks.cause
    settings = Settings(True, device, tuple(scratch_folders(0)), *shown, *asked)
    command += server_arguments(GUEST_CODE, control_fd, settings)
    needed = filter(None, [course.beside, course.data, *files])
    return [*as_unprivileged(bwrap, needed), *command]


def require_isolation(isolation: Isolation, instead: str = WITHOUT) -> str:
    """Return the program that isolates, empty where none is needed.

    Args:
        isolation: how submissions are to be kept apart.
        instead: what else can be done where it is not installed, as the end of a sentence.

    Raises:
        SandboxUnavailable: bubblewrap is not installed, or the kernel has no Landlock; the message
            says what to do.
    """
    if isolation is Isolation.LANDLOCK:
        require_landlock()
    if isolation is not Isolation.BUBBLEWRAP:
        return ""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxUnavailable(
            "bubblewrap is not installed: run `apt-get install bubblewrap` (or your system's "
            f"equivalent){instead}"
        )
    return bwrap


def namespace_options() -> list[str]:
    """Give the server namespaces of its own, no rights, and no way to make more of either."""
    options = ["--unshare-all", "--unshare-user", "--disable-userns", "--as-pid-1"]
    return [
        *options,
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--hostname",
        "lab",
    ]


def as_unprivileged(bwrap: str, shown: Iterable[Path] = ()) -> list[str]:
    """Return what to put before the command when root starts it.

    A process of root's keeps root's rights over files in its namespace, and no limit on the number
    of processes holds for it. So root becomes an unprivileged user first; what that user could not
    reach (an interpreter in root's own home) is shown to it in a mount namespace of its own.

    Args:
        bwrap: the program that makes the namespace.
        shown: further files and folders that the user is to see.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise SandboxUnavailable("`setpriv` (util-linux) is not installed; root needs it to grade")
    options = [bwrap, "--dev-bind", "/", "/"]
    needed = outermost([*python_folders(), PACKAGE, *shown])
    outside = sorted(place for place in needed if not place.is_relative_to("/usr"))
    for roof in sorted({Path("/", place.parts[1]) for place in outside}):
        options += ["--tmpfs", str(roof)]
    for parent in sorted({parent for place in outside for parent in place.parents[:-2]}):
        options += ["--perms", "0755", "--dir", str(parent)]
    for place in outside:
        options += ["--ro-bind", str(place), str(place)]
    identity = ["--reuid", str(UNPRIVILEGED), "--regid", str(UNPRIVILEGED), "--clear-groups"]
    return [*options, setpriv, *identity, "--inh-caps=-all"]
