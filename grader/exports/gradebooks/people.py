"""Which row of a table is a student's: found by what is unique, never guessed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.naming import could_be_one, folded, name_keys
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["NoRow", "Person", "Roll", "Wanted"]

NEAREST = 2  # rows that are named beside a student who is in none
ENOUGH = 10  # students for whom the nearest are looked for: that takes a look at every row


class NoRow(Exception):
    """No row is surely this student's; the message says why, in a few words."""


@dataclass(frozen=True)
class Person:
    """Whom one row of a table is about.

    Attributes:
        place: which row below the headings, from 0.
        line: where it begins in the file, from 1.
        own_id: the id that the LMS itself gave; empty where the table has none.
        known_as: ids, logins and addresses.
        name: as the LMS writes it.
        group: the group that the row names.
    """

    place: int
    line: int
    own_id: str
    known_as: tuple[str, ...]
    name: str
    group: str

    @property
    def shown(self) -> str:
        """The row as people find it again."""
        who = self.name or self.own_id or ", ".join(self.known_as) or self.group
        return f"line {self.line} ({' '.join(printable(who).split())})"

    @property
    def is_group(self) -> bool:
        """Whether it is about a group as a whole, and names nobody."""
        return bool(self.group) and not (self.own_id or self.known_as or self.name)


@dataclass(frozen=True)
class Wanted:
    """Whose row is looked for.

    Attributes:
        shown: the student in words.
        own_id: the id that the LMS itself gave; empty where the hand-in does not tell.
        lasts: whether that id means the same person in every file of the LMS.
        known_as: id, login and address, the surest first.
        group: the group, or empty.
    """

    shown: str
    own_id: str
    lasts: bool
    known_as: tuple[str, ...]
    name: str
    group: str

    @property
    def called(self) -> str:
        """The name, or the id where no name is known: some folders are called by the name."""
        return self.name or "".join(self.known_as[:1])


class Roll:
    """The people of a table, in which the students of a class are looked up."""

    def __init__(self, people: Iterable[Person], students: Iterable[Wanted]) -> None:
        self._people = list(people)
        self._namesakes = Counter(key for each in students for key in name_keys(each.called))
        self._own = self._index(lambda person: [person.own_id])
        self._known = self._index(lambda person: person.known_as)
        self._names = self._index(lambda person: name_keys(person.name))
        self._groups = self._index(lambda person: [folded(person.group)])
        self._looked = 0

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people)

    def rows_of(self, wanted: Wanted) -> Sequence[Person]:
        """Return the row of a student, or those of a group's members.

        Raises:
            NoRow: there is none, or none for sure.
            UsageError: several rows are the same student's.
        """
        if members := self._members(wanted):
            return members
        if wanted.own_id and self._own:
            return [self._by_own_id(wanted)]
        for key in wanted.known_as:
            if _plain(key) in self._known:
                found = self._only(self._known, key, wanted)
                return [found if "@" in key else _same_name(found, key, wanted)]
        return [self._by_name(wanted)]

    def _index(self, keys: Callable[[Person], Iterable[str]]) -> dict[str, list[Person]]:
        index: dict[str, list[Person]] = defaultdict(list)
        for person in self._people:
            for key in {_plain(key) for key in keys(person)} - {""}:
                index[key].append(person)
        return dict(index)

    def _members(self, wanted: Wanted) -> Sequence[Person]:
        """Return the group's row, or those of its members where it is one student to us."""
        called = folded(wanted.name)
        rows = self._groups.get(called) or self._groups.get(folded(wanted.group)) or []
        if all(row.is_group for row in rows):
            return rows
        is_person = not self._names.keys().isdisjoint(name_keys(wanted.name))
        return rows if called in self._groups and not is_person else []

    def _by_own_id(self, wanted: Wanted) -> Person:
        if _plain(wanted.own_id) not in self._own:
            raise NoRow(f"no row has this student's id{self._nearest(wanted)}")
        found = self._only(self._own, wanted.own_id, wanted)
        return found if wanted.lasts else _same_name(found, wanted.own_id, wanted)

    def _only(self, index: dict[str, list[Person]], key: str, wanted: Wanted) -> Person:
        found, *others = index[_plain(key)]
        if any(other.name != found.name for other in others):
            raise NoRow(f"several rows have the id {key}: {found.shown}, {others[0].shown}")
        if others:
            raise UsageError(
                f"lines {found.line} and {others[0].line} are both about {wanted.shown}, by "
                f"{key!r}: leave one of them in the file"
            )
        return found

    def _by_name(self, wanted: Wanted) -> Person:
        for key in name_keys(wanted.called):
            if key not in self._names:
                continue
            if self._namesakes[key] > 1:
                raise NoRow("several students of the class have this name")
            found, *others = self._names[key]
            if others:
                raise NoRow(f"several rows have this name: {found.shown}, {others[0].shown}")
            return found
        raise NoRow(f"no row for this student{self._nearest(wanted)}")

    def _nearest(self, wanted: Wanted) -> str:
        """Name the rows that look most like a student, for the first few."""
        self._looked += 1
        keys = name_keys(wanted.called or wanted.group)
        if self._looked > ENOUGH or not keys:
            return ""
        near = get_close_matches(keys[0], self._names, NEAREST)
        rows = [person.shown for each in near for person in self._names[each]]
        return f"; nearest: {', '.join(list(dict.fromkeys(rows))[:NEAREST])}" if rows else ""


def _same_name(person: Person, key: str, wanted: Wanted) -> Person:
    """Refuse a row of another name: the ids of two lists may be alike by chance."""
    if not could_be_one(person.name, wanted.name):
        raise NoRow(f"the row with the id {key} is another's: {person.shown}")
    return person


def _plain(key: str) -> str:
    return key.strip().casefold()
