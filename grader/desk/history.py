"""How often in a row a file showed the same mistake: then the hint's next step is shown by itself.

Kept from one `check` to the next beside the student's files. It holds no progress: that is found by
running, and losing this file loses nothing but patience.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

    from grader.desk.records import Checked

__all__ = ["FILE_NAME", "History"]

FILE_NAME = ".grader-mistakes.json"
IN_A_ROW = 3  # the same mistake, in different editions of the file
STEPS = 3


class Streak(msgspec.Struct, frozen=True):
    """The mistake that was seen last.

    Attributes:
        times: in how many editions of the file in a row.
        content: digest of the last of them.
    """

    mistake: str
    times: int
    content: str


class History:
    """Remembers the last mistake of each exercise."""

    def __init__(self, streaks: dict[str, Streak] | None = None) -> None:
        self._streaks = dict(streaks or {})

    @classmethod
    def read(cls, folder: Path) -> History:
        """Read what was kept in a folder; nothing where it can't be read."""
        with suppress(OSError, msgspec.DecodeError):
            content = (folder / FILE_NAME).read_bytes()
            return cls(msgspec.json.decode(content, type=dict[str, Streak]))
        return cls()

    def write(self, folder: Path) -> None:
        """Keep it in a folder, where it may be written to."""
        with suppress(OSError):
            (folder / FILE_NAME).write_bytes(msgspec.json.encode(self._streaks) + b"\n")

    def hint_step(self, checked: Checked) -> int:
        """Take note of a result; return which step of its hint is due, from 1."""
        failure = checked.failure
        if failure is None or failure.mistake is None:
            self._streaks.pop(checked.exercise, None)
            return 1
        before = self._streaks.get(checked.exercise)
        times = 1
        if before and before.mistake == failure.mistake:
            times = before.times + (before.content != checked.content)
        self._streaks[checked.exercise] = Streak(failure.mistake, times, checked.content)
        return min(STEPS, 1 + times // IN_A_ROW)
