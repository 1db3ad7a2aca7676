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
    """Delete everything in a folder, however deep or protected it is."""
    Path(folder).chmod(0o700)
    if not os.listdir(folder):
        return
    for command in (
        ["chmod", "-R", "u+rwx", folder],
        ["find", folder, "-mindepth", "1", "-delete"],
    ):
        subprocess.run(command, timeout=CLEANING_TIME_S, check=False, capture_output=True)  # noqa: S603 - ours
    require(not os.listdir(folder), f"{folder} is empty")


def require(condition: object, claim: str) -> None:
    """End the server when a claim about it is not true."""
    if not condition:
        sys.exit(f"not true: {claim}")
