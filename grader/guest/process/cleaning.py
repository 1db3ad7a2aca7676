"""Removing everything of a submission; a server that can't is ended, and another is started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["empty_folder", "processes", "remove_processes", "require"]

CLEANING_TIME_S = 5.0
UNLOCK = ("-exec", "chmod", "-R", "u+rwx", "{}", "+")


def remove_processes(*, isolated: bool) -> None:
    """End everything that a submission has started, and wait until it is gone."""
    deadline = time.monotonic() + CLEANING_TIME_S
    while left := processes(isolated=isolated):
        for process in [-1] if isolated else left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        reap()
        require(time.monotonic() < deadline, "every process of the submission has ended")


def processes(*, isolated: bool) -> list[int]:
    """Return the processes of a submission.

    In the sandbox that is everything but PID 1; outside, what is or becomes the server's child.
    """
    if isolated:
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return [int(word) for word in text.split()]


def reap() -> None:
    """Wait for one process to end, then take every other that has ended."""
    with contextlib.suppress(ChildProcessError):
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
