"""A real terminal for tests: tmux holds it, keys are sent to it, and its screen is read."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

DEADLINE_S = 180.0  # a busy machine loads torch in 20 s, and again where a process has died
POLL_S = 0.05
SIZES = {"COLUMNS", "LINES"}  # of the terminal that the tests run in
DEFAULTS = {"OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


class Terminal:
    """Runs the grader in a terminal of its own. A context manager."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._socket = f"grader-{uuid4().hex}"
        self._folder = folder
        self._size = ["-x", str(columns), "-y", str(rows)]
        words = [sys.executable, "-m", "grader", *arguments]
        self._command = f"{shlex.join(words)}; echo LEFT $?; exec sleep 600"
        around = {name: value for name, value in os.environ.items() if name not in SIZES}
        self._environment = {**around, **DEFAULTS, **(environment or {})}

    def __enter__(self) -> Self:
        start = ["-u", "-f", os.devnull, "new-session", "-d", *self._size, self._command]
        subprocess.run(
            ["tmux", "-L", self._socket, *start],
            cwd=self._folder,
            env=self._environment,
            check=True,
            timeout=DEADLINE_S,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        run = subprocess.run(
            ["tmux", "-L", self._socket, *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=DEADLINE_S,
        )
        return run.stdout

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._tmux("send-keys", *keys)

    def screen(self, *, colours: bool = False) -> str:
        """Return what stands on the screen, with its colours if they are wanted."""
        return self._tmux("capture-pane", "-p", *(["-e"] if colours else []))

    def wait_for(self, *wanted: str, without: str = "") -> str:
        """Wait until all of some texts stand on the screen, and return it.

        Raises:
            AssertionError: they never did; the message is what stands there.
        """
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            screen = self.screen()
            there = all(text in screen for text in wanted)
            if there and (not without or without not in screen):
                return screen
            time.sleep(POLL_S)
        raise AssertionError(f"never seen: {wanted} without {without!r} in\n{self.screen()}")
