"""The code of a course that runs beside its submissions and its suites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.code.shared_modules import BESIDE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CourseCode"]

DATA = "data"


@dataclass(frozen=True)
class CourseCode:
    """What of a course is run.

    Attributes:
        folder: the course's.
    """

    folder: Path

    @property
    def beside(self) -> Path | None:
        """The modules that go into the sandbox with a submission; None where there are none."""
        return self._folder(BESIDE)

    @property
    def data(self) -> Path | None:
        """The folder that submissions may read as `data`; None where there is none."""
        return self._folder(DATA)

    def _folder(self, name: str) -> Path | None:
        folder = self.folder / name
        return folder.resolve() if folder.is_dir() else None
