"""The students of a class's list."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Entry", "Roster"]


@dataclass(frozen=True)
class Entry:
    """One student of the list.

    Attributes:
        ids: what systems call the student by, the first column first.
        name: as it is spoken, `Jane Smith`, also where the list has `Smith, Jane`.
        group: whose work is this student's, too.
        sorted_name: as lists are sorted, `Smith, Jane`, as far as that is known.
        row: which row of the list, from 1.
        number: what the LMS that gave the list numbers its hand-ins by; else empty.
    """

    ids: tuple[str, ...]
    login: str
    email: str
    name: str
    sorted_name: str
    section: str
    group: str
    row: int
    number: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """All that is surely this student's: ids, login, address."""
        return tuple(filter(None, (*self.ids, self.login, self.email)))

    @property
    def id(self) -> str:
        """What to call the student by."""
        return next(iter(self.keys), self.name)

    @property
    def shown(self) -> str:
        """The student in words."""
        return f"{self.name} ({self.id})" if self.name and self.id != self.name else self.id


@dataclass(frozen=True)
class Roster:
    """The list of a class.

    Attributes:
        entries: the students.
        numbered_by: the reader whose ids are the entries' numbers, such as `Canvas`; or empty.
        remarks: which rows were taken for no student, as sentences.
    """

    entries: tuple[Entry, ...]
    numbered_by: str = ""
    remarks: tuple[str, ...] = ()
