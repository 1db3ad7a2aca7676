"""Which files of the student's were saved: a thread tells, and nobody asks the disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from grader.desk.files import exercise_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.courses import Course, Exercise

__all__ = ["Saves"]

QUIET_MS = 30  # without a change: an editor's several writes are one save


class Saves:
    """Tells of each exercise file that was written, replaced or deleted in some folders."""

    def __init__(
        self, course: Course, folders: Iterable[Path], saved: Callable[[Exercise], None]
    ) -> None:
        self._course = course
        self._folders = [folder.resolve() for folder in folders]
        self._saved = saved
        self._stop = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()

    def _run(self) -> None:
        changes = watch(
            *self._folders,
            watch_filter=lambda _, path: self._whose(path) is not None,
            step=QUIET_MS,
            stop_event=self._stop,
            recursive=False,
            raise_interrupt=False,
        )
        for batch in changes:
            for exercise in dict.fromkeys(self._whose(path) for _, path in sorted(batch)):
                if exercise is not None:
                    self._saved(exercise)

    def _whose(self, path: str) -> Exercise | None:
        return exercise_at(self._course, Path(path))
