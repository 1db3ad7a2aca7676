"""Whether the sandbox can be had here: bubblewrap, each of its features that is used, the whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.doctor.checks import Check, State
from grader.errors import SandboxUnavailable
from grader.guest.walls.landlock import kernel_abi
from grader.sandbox.command import Isolation, as_unprivileged
from grader.sandbox.limits import Limits
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.seccomp import filter_program

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bubblewrap", "features", "landlock", "obstacle_to_bubblewrap", "sandbox"]

TRYING_TIME_S = 30.0
OLDER = "install bubblewrap {version} or newer"
NAMESPACES = ("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts")
# what is tried, with which options, and how to mend it where nothing else is known to be wrong
FEATURES = {
    "namespaces": (NAMESPACES, "allow unprivileged user namespaces"),
    "its own /proc": (
        (*NAMESPACES, "--proc", "/proc"),
        "in a container, unmask /proc: `docker run --security-opt systempaths=unconfined`, "
        "`podman run --security-opt unmask=ALL`",
    ),
    "no namespaces inside": (
        ("--unshare-user", "--disable-userns"),
        OLDER.format(version="0.8"),
    ),
    "bounded folders": (
        ("--unshare-user", "--size", "65536", "--tmpfs", "/tmp"),
        OLDER.format(version="0.7"),
    ),
    "system call filter": (
        ("--unshare-user", "--seccomp", "{filter}"),
        "use a kernel with CONFIG_SECCOMP_FILTER, which every distribution's has",
    ),
}
# of Landlock: since which version, what, since which Linux, and what happens without
OF_LANDLOCK = (
    (2, "moves between folders", "5.19", "a submission can't move files from folder to folder"),
    (3, "truncation", "6.2", "the system call filter refuses it"),
    (4, "TCP", "6.7", "the system call filter refuses sockets for it"),
    (5, "requests to devices", "6.10", "the system call filter refuses those known to do harm"),
    (
        6,
        "bounds of signals",
        "6.12",
        "a submission can send none at all, and what it has started is ended one by one",
    ),
    (7, "quiet refusals", "6.15", "what submissions are refused may fill the audit log"),
)

APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
CLONING = Path("/proc/sys/kernel/unprivileged_userns_clone")
MOST = Path("/proc/sys/user/max_user_namespaces")
CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))
# what may keep namespaces from being made: where that shows, the value, the way out
OBSTACLES = (
    (
        APPARMOR,
        "1",
        "give bubblewrap an AppArmor profile with `userns,` (Ubuntu 24.04: install the package "
        "apparmor-profiles and copy its bwrap-userns-restrict to /etc/apparmor.d)",
    ),
    (CLONING, "0", "run `sysctl kernel.unprivileged_userns_clone=1`"),
    (MOST, "0", "run `sysctl user.max_user_namespaces=10000`"),
)
IN_A_CONTAINER = (
    "start the container with `--security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined --security-opt systempaths=unconfined`, or grade in a virtual machine"
)


def bubblewrap() -> Check:
    """Look for the program, and for what root needs beside it."""
    program = shutil.which("bwrap")
    if program is None:
        mend = "`apt-get install bubblewrap`, or your system's equivalent"
        return Check("bubblewrap", State.FAIL, "not installed", mend)
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        mend = "`apt-get install util-linux`, or grade as an ordinary user"
        return Check("bubblewrap", State.FAIL, "root needs `setpriv`, which is not there", mend)
    who = "; root becomes an unprivileged user first" if os.geteuid() == 0 else ""
    return Check("bubblewrap", State.OK, (done.stdout.strip() or program) + who)


def features() -> Iterator[Check]:
    """Try each feature that grading uses; after the first that fails the rest means nothing."""
    for what, (options, mend) in FEATURES.items():
        problem = attempt(options)
        if problem:
            first = what == next(iter(FEATURES))
            yield Check(what, State.FAIL, problem, (first and obstacle()) or mend)
            return
        yield Check(what, State.OK, "works")


def attempt(options: tuple[str, ...]) -> str:
    """Run nothing in a sandbox with some options; return the error, empty for none."""
    bwrap = shutil.which("bwrap") or "bwrap"
    with tempfile.TemporaryFile() as program:
        program.write(filter_program())
        program.seek(0)
        filled = [option.format(filter=program.fileno()) for option in options]
        command = [*as_unprivileged(bwrap), bwrap, "--ro-bind", "/", "/", *filled, "true"]
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours
                command,
                capture_output=True,
                text=True,
                check=False,
                pass_fds=(program.fileno(),),
                timeout=TRYING_TIME_S,
            )
        except subprocess.TimeoutExpired:
            return f"no end within {TRYING_TIME_S:g} s"
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def obstacle_to_bubblewrap() -> str:
    """Say in half a sentence why the sandbox of bubblewrap can't be had; empty if it can.

    All that it needs is tried at once, in some hundredths of a second.
    """
    found = bubblewrap()
    if found.state is State.FAIL:
        mend = f": {found.mend}" if found.mend else ""
        return f"bubblewrap can't be used, {found.found}{mend}"
    problem = next(filter(None, (attempt(options) for options, _ in FEATURES.values())), "")
    told = problem.rstrip(".")
    return f"bubblewrap can't make a sandbox here ({told})" if problem else ""


def obstacle() -> str:
    """Say what to change where a setting of the machine is known to be in the way."""
    for place, value, mend in OBSTACLES:
        if place.is_file() and place.read_text(encoding="ascii").strip() == value:
            return mend
    return IN_A_CONTAINER if any(place.exists() for place in CONTAINERS) else ""


def landlock() -> Iterator[Check]:
    """Look for Landlock, and for what its versions have brought; what is missing has a stand-in."""
    abi = kernel_abi()
    if not abi:
        mend = "use Linux 5.13 or newer, with `landlock` among the kernel's `lsm=`"
        yield Check("Landlock", State.FAIL, "this kernel has none", mend)
        return
    yield Check("Landlock", State.OK, f"version {abi} of what it offers")
    for since, what, linux, instead in OF_LANDLOCK:
        if abi >= since:
            yield Check(what, State.OK, "works")
        else:
            yield Check(what, State.WARN, f"comes with Linux {linux}: {instead}")


def sandbox(isolation: Isolation) -> Check:
    """Start a sandbox as grading does, with torch in it; it tries itself before it is used."""
    start = time.monotonic()
    try:
        with Sandbox(isolation, "cpu", Limits()):
            taken = time.monotonic() - start
    except SandboxUnavailable as error:
        return Check(
            "sandbox", State.FAIL, str(error), "fix the problems named here before grading anything"
        )
    found = f"{isolation} starts in {taken:.1f} s, and lets nothing through that it must not"
    if isolation is Isolation.LANDLOCK:
        mend = "SECURITY.md lists what bubblewrap promises beyond that"
        return Check("sandbox", State.WARN, found, mend)
    return Check("sandbox", State.OK, found)
