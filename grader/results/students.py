"""Who a student is, and what is known of the hand-in as a whole."""

from __future__ import annotations

import msgspec

__all__ = ["ROSTER", "StudentRecord"]

ROSTER = "roster"  # the reader of those on a class's list of whom nothing was handed in


class StudentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One student of a class, as the download and the roster tell.

    Attributes:
        id: unique in the class and the same in every run: what the LMS calls the student by, or
            the folder's name. Printable.
        name: as people write it; empty where nothing but the id is known.
        login: what the student signs in with, or empty.
        late: whether it was handed in late; None where the download does not tell.
        submitted_at: when, in ISO 8601, or empty.
        attempt: the number of the newest attempt, from 1, or 0 where attempts are not told apart.
        unclaimed: files that belong to no exercise, by their paths in the hand-in.
        notes: what to know about the hand-in as a whole, as sentences.
        reader: the kind of download that it was found in, such as `Canvas`.
        handed_in_as: the file or folder of the download that this is; an LMS finds the student by
            it when feedback is uploaded.
    """

    id: str
    name: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    group: str = ""
    late: bool | None = None
    submitted_at: str = ""
    attempt: int = 0
    unclaimed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reader: str = ""
    handed_in_as: str = ""

    @property
    def shown(self) -> str:
        """The student as people are to read it: the name, or the id where that is all."""
        return self.name or self.id

    @property
    def told_apart(self) -> str:
        """The student as nobody else in the class is called: the name with the id."""
        return f"{self.name} ({self.id})" if self.name not in {"", self.id} else self.id
