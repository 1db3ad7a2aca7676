"""Single keys from the terminal, on POSIX and on Windows; nothing else here knows which it is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_key", "single_keys"]

ENDED = ""  # what `read_key` gives when the terminal is gone

if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Let keys arrive one by one, unseen: here they always can."""
        yield

    def read_key() -> str:
        """Wait for a key and return it."""
        return msvcrt.getwch()

else:
    import os
    import termios
    import tty

    @contextmanager
    def single_keys() -> Iterator[None]:
        """Let keys arrive one by one, unseen; afterwards the terminal is as it was."""
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        tty.setcbreak(terminal)
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    def read_key() -> str:
        """Wait for a key and return it; a key that sends several characters gives all of them."""
        return os.read(sys.stdin.fileno(), 32).decode(errors="replace")
