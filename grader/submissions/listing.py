"""What was found in one submission, while it is being looked through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.submissions.files import RefusedFile
from grader.submissions.names import known_as, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.submissions.files import FoundFile

__all__ = ["MAX_DEPTH", "MAX_ENTRIES", "Listing", "is_hidden", "is_zip", "reports_left_out"]

MAX_DEPTH = 64  # folders below a student's; real submissions have three or four
MAX_ENTRIES = 20_000  # files and folders of one student; a virtual environment has about 10,000
MAX_NOTES = 10
MAX_NAME = 100  # characters of a path that a note shows


@dataclass
class Listing:
    """The known files of one submission, and what to know about the rest.

    Attributes:
        is_reports: whether it is no submission, but a folder that the grader wrote.
    """

    found: list[FoundFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entries: int = 0
    is_reports: bool = False

    def note(self, sentence: str) -> None:
        """Keep a sentence, once, up to a number that a page can show."""
        if sentence not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(sentence)

    def has_room(self) -> bool:
        """Count one more entry, and tell whether it is to be looked at."""
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            self.note(f"Only the first {MAX_ENTRIES:,} files and folders were looked at.")
        return self.entries <= MAX_ENTRIES

    def refuse(self, parts: tuple[str, ...], sentence: Callable[[str], str]) -> None:
        """Keep what can't be read as a file's problem, or as a note if its name is not known."""
        name = shown(parts)
        if known_as(parts[-1]):
            self.found.append(RefusedFile(name, problem=sentence(name)))
        else:
            self.note(sentence(name))


def is_hidden(name: str) -> str:
    """Say that a folder is not looked into, so that whoever meant it can rename it."""
    why = "since its name begins with a dot: rename it if it holds work"
    return f"{name[:MAX_NAME]} was not read, {why}."


def reports_left_out(name: str) -> str:
    """Say that a folder is no work that was handed in."""
    return f"{name[:MAX_NAME]} was left out: it holds reports of the grader."


def is_zip(name: str) -> bool:
    """Tell whether a file calls itself a zip."""
    return name.lower().endswith(".zip")
