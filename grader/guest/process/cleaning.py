"""Removing everything of a submission; a server that can't is ended, and another is started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Processes", "empty_folder", "require"]

CLEANING_TIME_S = 5.0
UNLOCK = ("-exec", "chmod", "-R", "u+rwx", "{}", "+")


@dataclass(frozen=True)
class Processes:
    """The processes of a submission.

    Attributes:
        alone: whether there are none in the table but these and PID 1.
        swept: whether a signal to everybody reaches these and no others.
    """

    alone: bool
    swept: bool

    def all(self) -> list[int]:
        """Return their numbers.

        Where they are not alone, that is everything that this process has started, at any depth.
        """
        if self.alone:
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        return family(os.getpid())

    def remove(self) -> None:
        """End all of them, and wait until they are gone."""
        deadline = time.monotonic() + CLEANING_TIME_S
        while left := self.all():
            for process in [-1] if self.swept else left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
            reap()
            require(time.monotonic() < deadline, "every process of the submission has ended")


def family(process: int) -> list[int]:
    """Return what a process has started that is there, and what that has, and so on."""
    found, left = list[int](), [process]
    while left:
        children = children_of(left.pop())
        found += children
        left += children
    return found


def children_of(process: int) -> list[int]:
    """Return what the threads of a process have started, or have been given by one that ended."""
    children = list[int]()
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with suppress(FileNotFoundError, ProcessLookupError):
                file = Path(f"/proc/{process}/task/{thread}/children")
                children += map(int, file.read_text(encoding="ascii").split())
    return children


def reap() -> None:
    """Wait for one process to end, then take every other that has ended."""
    with suppress(ChildProcessError):
        os.waitpid(-1, 0)
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def empty_folder(folder: str) -> None:
    """Delete everything in a folder, however deep or protected it is.

    What the sandbox itself shows there is a file system of its own, and stays.
    """
    Path(folder).chmod(0o700)
    shown, left = entries(folder)
    if not left:
        return
    kept = [word for path in shown for word in ("-not", "-samefile", path)]
    for command in (
        ["find", folder, "-mindepth", "1", "-maxdepth", "1", "-type", "d", *kept, *UNLOCK],
        ["find", folder, "-mindepth", "1", "-xdev", "-delete"],
    ):
        subprocess.run(command, timeout=CLEANING_TIME_S, check=False, capture_output=True)  # noqa: S603 - ours
    require(not entries(folder)[1], f"{folder} is empty")


def entries(folder: str) -> tuple[list[str], list[str]]:
    """Return what is mounted in a folder, and what else is in it."""
    found: tuple[list[str], list[str]] = ([], [])
    device = Path(folder).stat().st_dev
    with os.scandir(folder) as every:
        for entry in every:
            found[entry.stat(follow_symlinks=False).st_dev == device].append(entry.path)
    return found


def require(condition: object, claim: str) -> None:
    """End the server when a claim about it is not true."""
    if not condition:
        sys.exit(f"not true: {claim}")
