"""Whose row on the list is certainly whose hand-in's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.naming import could_be_one, folded, name_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results.students import StudentRecord
    from grader.roster.entries import Entry, Roster

__all__ = ["Rows", "together"]

# What they number students or hand-ins by is theirs alone: on any other list it is somebody else's.
NUMBERING = frozenset({"Brightspace", "Canvas", "Moodle"})
MAX_WORDS = 10  # of a name


class Rows:
    """The rows of a list, by all that tells a student."""

    def __init__(self, roster: Roster, records: Iterable[StudentRecord]) -> None:
        self._roster = roster
        self._by_number: dict[str, list[Entry]] = defaultdict(list)
        self._by_key: dict[str, list[Entry]] = defaultdict(list)
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._namesakes = Counter(key for each in records for key in _spellings(each.shown))
        self._groups: dict[str, list[Entry]] = defaultdict(list)
        for entry in roster.entries:
            for group in _groups_of(entry):
                self._groups[group].append(entry)
            self._by_number[entry.number].append(entry)
            for key in {key.casefold() for key in entry.keys}:
                self._by_key[key].append(entry)
            for key in _names_of(entry):
                self._by_name[key].append(entry)

    def of(self, record: StudentRecord) -> Entry | None:
        """Return a student's row, if it is certain, by id, login, address or name."""
        for entries in self._with_a_key_of(record):
            same = [each for each in entries if _may_be(each, record)]
            if len(same) == 1:
                return same[0]
        return self._by_own_name(record.shown)

    def group(self, record: StudentRecord) -> list[Entry]:
        """Return the members of the group that a download names in the place of a student."""
        members = self._groups.get(together(record.shown), [])
        return members if self._by_own_name(record.shown) is None else []

    def named(self, wanted: str) -> Entry:
        """Return the row that an instructor has named by an id, a login, an address or a name.

        Raises:
            UsageError: it is nobody's, or several students'.
        """
        for entries in self._called(wanted.strip()):
            if len(entries) == 1:
                return entries[0]
        raise UsageError(f"--same: {wanted!r} must name exactly one student on the roster")

    def name_of(self, entry: Entry) -> str:
        """Return what names a row, and no other."""
        names = [*entry.keys, entry.name]
        return next((each for each in names if self._names_only(each, entry)), f"row {entry.row}")

    def _by_own_name(self, name: str) -> Entry | None:
        for key in _spellings(name):
            entries = self._by_name.get(key, [])
            if len(entries) == 1 and self._namesakes[key] == 1:
                return entries[0]
        return None

    def _with_a_key_of(self, record: StudentRecord) -> Iterator[list[Entry]]:
        """Give the rows with a record's number, id, login and address, the surest first."""
        if record.reader == self._roster.numbered_by:
            yield self._by_number.get(record.id, [])
        own = "" if record.reader in NUMBERING else record.id
        for key in filter(None, (own, record.login, record.email)):
            yield self._by_key.get(key.casefold(), [])

    def _called(self, wanted: str) -> Iterator[list[Entry]]:
        yield self._by_key.get(wanted.casefold(), [])
        yield from (self._by_name.get(key, []) for key in _spellings(wanted))
        yield [each for each in self._roster.entries if f"row {each.row}" == wanted]

    def _names_only(self, text: str, entry: Entry) -> bool:
        return bool(text) and next(filter(None, self._called(text)), []) == [entry]


def together(name: str) -> str:
    """Return a name as it is compared where it may be written together, as in Canvas's files."""
    return folded(name).replace(" ", "")


def _may_be(entry: Entry, record: StudentRecord) -> bool:
    return not record.name or could_be_one(entry.name, record.name)


def _spellings(name: str) -> tuple[str, ...]:
    """Return what a name is looked up by; first with its accents, since those tell some apart."""
    last, comma, first = name.partition(",")
    spoken = f"{first} {last}" if comma else name
    exact = " ".join(unicodedata.normalize("NFKC", spoken).casefold().split())
    return (f"!{exact}", *name_keys(name)) if name_keys(name) else ()


def _groups_of(entry: Entry) -> set[str]:
    """Return an entry's group, or several with commas between them."""
    return {*map(together, (entry.group, *re.split("[,;]", entry.group)))} - {""}


def _names_of(entry: Entry) -> set[str]:
    """Return what an entry's name is looked up by, `smithjane` included."""
    words = folded(entry.name).split()[:MAX_WORDS]
    turned = {f"~{''.join(words[at:] + words[:at])}" for at in range(1, len(words))}
    sorted_together = f"~{together(entry.sorted_name)}" if entry.sorted_name else ""
    return {*_spellings(entry.name), *turned, sorted_together} - {""}
