"""Whose results are whose in several hand-ins: by ids, addresses and logins, never by a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from grader.lists.naming import could_be_one, name_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.book.hand_ins import Entry, HandIn
    from grader.book.settings import Settings

__all__ = ["Student", "join", "namesakes"]

Key = tuple[str, ...]


@dataclass(eq=False)
class Student:
    """One student over the term.

    Attributes:
        entries: what there is of the student, by the place of the hand-in; None where nothing is.
        apart_from: who has the same id in an earlier hand-in, and is another by name.
        said: whether an instructor has said that it is one student, whatever the names.
    """

    entries: list[Entry | None]
    apart_from: Student | None = None
    said: bool = False
    id: str = ""

    @property
    def present(self) -> list[Entry]:
        """What there is, the newest first."""
        return [each for each in reversed(self.entries) if each is not None]

    @property
    def name(self) -> str:
        """The newest name that is known, or empty."""
        return next((each.name for each in self.present if each.name), "")

    @property
    def email(self) -> str:
        """The newest address that is known, or empty."""
        return next((each.email for each in self.present if each.email), "")

    @property
    def section(self) -> str:
        """The newest section that is known, or empty."""
        return next((each.section for each in self.present if each.section), "")

    @property
    def shown(self) -> str:
        """The student in words, the name with the id."""
        return f"{self.name} ({self.id})" if self.name not in {"", self.id} else self.id


def join(hand_ins: Sequence[HandIn], settings: Settings) -> list[Student]:
    """Return the students of some hand-ins, each once as far as that is certain.

    An id, an address or a login that two have in one hand-in joins nobody, and neither does an id
    under which two hand-ins have different names.

    Raises:
        UsageError: what the settings say of somebody can't be so.
    """
    joining = _Joining(len(hand_ins))
    for place, hand_in in enumerate(hand_ins):
        joining.add(place, hand_in.entries, _ids(hand_in, hand_ins, settings))
    _name(joining.students, hand_ins)
    return joining.students


def namesakes(students: Iterable[Student]) -> Iterator[list[Student]]:
    """Give students of one name who are never in one hand-in: they may be one, or not."""
    by_name: dict[str, list[Student]] = defaultdict(list)
    for each in students:
        for key in name_keys(each.name)[:1]:
            by_name[key].append(each)
    for group in by_name.values():
        present = Counter(place for each in group for place, it in enumerate(each.entries) if it)
        if len(group) > 1 and max(present.values()) == 1:
            yield group


@dataclass
class _Joining:
    """Students while hand-ins are added, and by what they are known."""

    size: int
    students: list[Student] = field(default_factory=list)
    by_key: dict[Key, list[Student]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: int, entries: Sequence[Entry], ids: Mapping[str, _Id]) -> None:
        """Add a hand-in: each entry to its student, or to a new one."""
        keys = {each.id: _keys(each, ids[each.id].key) for each in entries}
        shared = Counter(key for each in keys.values() for key in each)
        whose: dict[str, Student] = {}
        for kind in range(3):
            for entry in entries:
                key = keys[entry.id][kind]
                if entry.id not in whose and key[-1] and shared[key] == 1:
                    found = self._student(key, entry, place, said=ids[entry.id].said)
                    if found is not None:
                        whose[entry.id] = found
                        found.entries[place] = entry
        for entry in entries:
            student = whose.get(entry.id) or self._new(place, entry, keys[entry.id][0])
            student.said = student.said or ids[entry.id].said
            for key in keys[entry.id]:
                if key[-1] and student not in self.by_key[key]:
                    self.by_key[key].append(student)

    def _student(self, key: Key, entry: Entry, place: int, *, said: bool) -> Student | None:
        """Return the one student who has a key, and may be called so."""
        sure = said or key[0] == "email"
        found = [
            each
            for each in self.by_key.get(key, [])
            if each.entries[place] is None
            and (sure or each.said or could_be_one(each.name, entry.name))
        ]
        return found[0] if len(found) == 1 else None

    def _new(self, place: int, entry: Entry, key: Key) -> Student:
        entries: list[Entry | None] = [None] * self.size
        entries[place] = entry
        others = [each for each in self.by_key.get(key, []) if each.entries[place] is None]
        student = Student(entries, apart_from=next(iter(others), None))
        self.students.append(student)
        return student


@dataclass(frozen=True)
class _Id:
    """What an entry is called by; `said` is whether an instructor has said so."""

    key: Key
    said: bool = False


def _keys(entry: Entry, own: Key) -> tuple[Key, Key, Key]:
    """Return what tells a student, the surest first; the last part is empty where nothing does."""
    return own, ("email", entry.email.casefold()), ("login", entry.login.casefold())


def _ids(hand_in: HandIn, hand_ins: Sequence[HandIn], settings: Settings) -> dict[str, _Id]:
    """Return what each entry of a hand-in is called by, from the settings where they say it."""
    ids = {each.id: _Id(_own(each, hand_in)) for each in hand_in.entries}
    if said := settings.same.get(hand_in.name):
        others = [each for each in hand_ins if each is not hand_in]
        known = {_own(it, each) for each in others for it in each.entries}
        for id_, target in said.items():
            try:
                ids[id_] = _Id(_said(id_, target, ids, known), said=True)
            except LookupError as error:
                raise settings.error(("same", hand_in.name, id_), str(error.args[0])) from None
    return ids


def _said(id_: str, target: str, ids: Mapping[str, _Id], known: Iterable[Key]) -> Key:
    """Return what a student of another hand-in is called by, who is one with a student of this.

    Raises:
        LookupError: one of them is not there, or is not one student.
    """
    if id_ not in ids:
        raise LookupError(f"no student of this hand-in has the id {id_!r}{_near(id_, ids)}")
    found = [key for key in known if key[-1] == target]
    if not found:
        near = _near(target, [key[-1] for key in known])
        raise LookupError(f"no student of another hand-in has the id {target!r}{near}")
    if len(found) > 1:
        raise LookupError(f"several students of other hand-ins have the id {target!r}")
    if taken := [name for name, each in ids.items() if each.key == found[0] and name != id_]:
        raise LookupError(f"{target!r} is {taken[0]!r} in this hand-in already")
    return found[0]


def _own(entry: Entry, hand_in: HandIn) -> Key:
    return ("id", "" if entry.lasts else hand_in.name, entry.id)


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _name(students: Iterable[Student], hand_ins: Sequence[HandIn]) -> None:
    """Give each student an id that no other has."""
    taken: set[str] = set()
    for student in students:
        newest = student.present[0]
        lasting = (each.id for each in student.present if each.lasts)
        login = next((each.login for each in student.present if each.login), "")
        wanted = next(lasting, "") or login or student.email or newest.id
        while wanted in taken:
            wanted += f" ({hand_ins[student.entries.index(newest)].name})"
        taken.add(wanted)
        student.id = wanted
