"""The list of a class, which an output folder remembers as a run has read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.roster.entries import Roster  # noqa: TC001 - msgspec reads annotations
from grader.text.wording import moment, plural, printable

if TYPE_CHECKING:
    from grader.runs.database import Database

__all__ = ["FORGET", "ClassList", "has_list", "keep_list", "kept_list"]

KEY = "roster"
FORGET = "none"  # what `--roster` takes for no list
AGAIN = f"name it with --roster FILE, or go on without it with --roster {FORGET}"


@dataclass(frozen=True)
class ClassList:
    """The list that a class is joined to.

    Attributes:
        file: what it was called.
        read_at: when it was read, in ISO 8601 with its zone.
        same: ids of hand-ins to whom they are on the list, as an instructor has said.
    """

    roster: Roster
    file: str
    read_at: str
    same: dict[str, str] = field(default_factory=dict)

    @property
    def remembered(self) -> str:
        """What to say where an earlier run read it."""
        who = plural(len(self.roster.entries), "student")
        return (
            f"Names and sections are those of {printable(self.file)} ({who}), as an earlier run "
            f"read it on {moment(self.read_at)}: --roster FILE replaces that list, --roster "
            f"{FORGET} forgets it."
        )


def has_list(database: Database) -> bool:
    """Tell whether the run before went by a list, damaged or not."""
    return database.has("run", KEY)


def kept_list(database: Database) -> ClassList | None:
    """Return the list that the run before went by; None where it had none.

    Raises:
        UsageError: it can't be read.
    """
    if not has_list(database):
        return None
    try:
        return msgspec.json.decode(database.get("run", KEY) or b"", type=ClassList)
    except msgspec.DecodeError as error:
        raise UsageError(f"what was kept of the class's list is damaged: {AGAIN}") from error


def keep_list(found: ClassList | None, database: Database) -> None:
    """Remember for the next run which list this one goes by; with None, that there is none."""
    rows = {} if found is None else {KEY: msgspec.json.encode(found)}
    database.put("run", rows, without=[KEY] if found is None else [])
