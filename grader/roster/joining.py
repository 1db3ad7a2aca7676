"""Join a class's hand-ins to its list: by what is certain, and never by a guess."""

from __future__ import annotations

import difflib
import shlex
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.errors import UsageError
from grader.lists.naming import could_be_one, folded, name_keys
from grader.students import ROSTER, StudentRecord
from grader.submissions import Submission
from grader.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.roster.reading import Entry, Roster

__all__ = ["Joined", "join"]

NOTHING_HERE = "On the roster; nothing of theirs is in the hand-in."
OWN_IDS = frozenset({"Moodle", "Brightspace"})  # what they number hand-ins by stands in no list
NAMED = 10
NEAR, LOOKED_AT = 0.75, 500
ASKED = 3  # rows for one hand-in
SURE_PART = 4  # letters of a login or family name that are in a folder's name by no chance


@dataclass(frozen=True)
class Joined:
    """A class with its list.

    Attributes:
        submissions: in order of id; also of those on the list who handed in nothing.
        lines: what to tell an instructor, as sentences.
    """

    submissions: list[Submission]
    lines: tuple[str, ...]


def join(found: Sequence[Submission], roster: Roster, same: Mapping[str, str]) -> Joined:
    """Join hand-ins to the rows of a list; what is not certain is asked about.

    Args:
        found: what was handed in.
        roster: the list.
        same: ids of hand-ins to whom they are on the list, as an instructor has said.

    Raises:
        UsageError: `same` names nobody.
    """
    rows = _Rows(roster, found)
    found = [member for each in found for member in _members(each, rows)]
    rows_of = {each.student: rows.of(each.record) for each in found}
    rows_of |= {_hand_in(one, rows_of): rows.named(other) for one, other in same.items()}
    taken = Counter(entry for entry in rows_of.values() if entry)
    submissions = [_completed(each, rows_of[each.student], taken) for each in found]
    left = [entry for entry in roster.entries if entry not in taken]
    strangers = [each for each in found if rows_of[each.student] is None]
    likely = {each.student: _likely(each.record, left) for each in strangers}
    asked_about = {entry for entries in likely.values() for entry in entries}
    missing = [entry for entry in left if entry not in asked_about]
    ids = {each.student for each in found}
    submissions += [_without_work(entry, ids) for entry in missing]
    lines = [
        *_twice(rows_of, taken),
        *_missing(missing, roster),
        *_strangers(strangers),
        *(_question(each.record, likely[each.student]) for each in strangers),
    ]
    return Joined(sorted(submissions, key=lambda each: each.student), tuple(filter(None, lines)))


class _Rows:
    """The rows of a list, by all that tells a student."""

    def __init__(self, roster: Roster, found: Iterable[Submission]) -> None:
        self._by_key: dict[str, Entry] = {}
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._namesakes = Counter(key for each in found for key in _names(each.record))
        self.groups: dict[str, list[Entry]] = defaultdict(list)
        for entry in roster.entries:
            self.groups[_together(entry.group)].append(entry)
            self._by_key |= {key.casefold(): entry for key in entry.keys}
            for key in _names_of(entry):
                self._by_name[key].append(entry)

    def of(self, record: StudentRecord) -> Entry | None:
        """Return a student's row, if it is certain."""
        own = "" if record.reader in OWN_IDS else record.id
        for key in filter(None, (own, record.login, record.email)):
            entry = self._by_key.get(key.casefold())
            if entry and (not record.name or could_be_one(entry.name, record.name)):
                return entry
        for key in _names(record):
            entries = self._by_name.get(key, [])
            if len(entries) == 1 and self._namesakes[key] == 1:
                return entries[0]
        return None

    def named(self, wanted: str) -> Entry:
        """Return the row that an instructor has named by an id, a login, an address or a name."""
        entry = self._by_key.get(wanted.strip().casefold())
        entries = [entry] if entry else self._by_name.get(next(iter(name_keys(wanted)), ""), [])
        if len(entries) != 1:
            raise UsageError(f"--same: {wanted!r} is nobody, or not one only, on the roster")
        return entries[0]


def _members(submission: Submission, rows: _Rows) -> list[Submission]:
    """Return what a group handed in once for each of its members on the list.

    The download names the group in the place of a student.
    """
    record = submission.record
    members = rows.groups.get(_together(record.shown), []) if rows.of(record) is None else []
    if not members:
        return [submission]
    return [
        Submission(changed(record, id=each.id, name=each.name, group=each.group), submission.found)
        for each in members
    ]


def _together(name: str) -> str:
    """Return a name as it is compared where it may be written together, as in Canvas's files."""
    return folded(name).replace(" ", "")


def _names_of(entry: Entry) -> set[str]:
    """Return what an entry's name is looked up by, `smithjane` included."""
    together = f"~{_together(entry.sorted_name)}" if entry.sorted_name else ""
    return {*name_keys(entry.name), together} - {""}


def _names(record: StudentRecord) -> tuple[str, ...]:
    return name_keys(record.shown)


def _hand_in(named: str, known: Mapping[str, object]) -> str:
    if named not in known:
        close = difflib.get_close_matches(named, [*known], 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise UsageError(f"--same: there is no hand-in called {named!r}{hint}")
    return named


def _completed(submission: Submission, entry: Entry | None, taken: Counter[Entry]) -> Submission:
    """Write down what the list knows of a student; of two on one row, nothing."""
    if entry is None or taken[entry] > 1:
        return submission
    record = submission.record
    is_a_name = record.name and " " in record.name.strip()  # Canvas's `smithjane` is none
    filled = changed(
        record,
        name=record.name if is_a_name else entry.name or record.name,
        email=record.email or entry.email,
        login=record.login or entry.login,
        section=record.section or entry.section,
    )
    return Submission(filled, submission.found)


def _without_work(entry: Entry, ids: set[str]) -> Submission:
    """Return a student who handed in nothing, under an id that nobody has."""
    wanted = entry.id
    while wanted in ids:
        wanted += " (roster)"
    ids.add(wanted)
    record = StudentRecord(
        id=wanted,
        name=entry.name,
        email=entry.email,
        login=entry.login,
        section=entry.section,
        notes=(NOTHING_HERE,),
        reader=ROSTER,
    )
    return Submission(record)


def _twice(rows_of: Mapping[str, Entry | None], taken: Counter[Entry]) -> Iterator[str]:
    for entry, count in taken.items():
        if count > 1:
            whose = ", ".join(student for student, row in rows_of.items() if row == entry)
            yield f"{entry.shown} on the roster fits {count} hand-ins, kept apart: {whose}."


def _missing(missing: Sequence[Entry], roster: Roster) -> Iterator[str]:
    if missing:
        who = _listed([entry.shown for entry in missing])
        yield f"{len(missing)} of {len(roster.entries)} on the roster handed in nothing: {who}."


def _strangers(strangers: Sequence[Submission]) -> Iterator[str]:
    if strangers:
        who = _listed([each.record.shown for each in strangers])
        are = "is" if len(strangers) == 1 else "are"
        yield f"{plural(len(strangers), 'hand-in')} {are} not on the roster: {who}."


def _likely(record: StudentRecord, left: Sequence[Entry]) -> list[Entry]:
    """Return the rows that look most like a student; nobody who may be here is called missing."""
    parts = [each for each in left if _has_a_part(record, each)]
    return (parts or _nearest(record, left[:LOOKED_AT]))[:ASKED]


def _question(record: StudentRecord, likely: Sequence[Entry]) -> str:
    """Ask whether one of some rows is a student, with what to type if so."""
    who = " or ".join(entry.shown for entry in likely)
    options = " or ".join(f"--same {shlex.quote(f'{record.id}={each.id}')}" for each in likely)
    called = record.shown if record.shown == record.id else f"{record.shown} ({record.id})"
    return f"{called} may be {who}: add {options} if that is so." if likely else ""


def _has_a_part(record: StudentRecord, entry: Entry) -> bool:
    """Tell whether a login or a family name is in what a hand-in is called."""
    called = _together(f"{record.id} {record.name}")
    parts = [entry.login, entry.email.partition("@")[0], entry.name.rpartition(" ")[2]]
    return any(len(part) >= SURE_PART and part in called for part in map(_together, parts))


def _nearest(record: StudentRecord, missing: Sequence[Entry]) -> list[Entry]:
    names = [folded(entry.name) for entry in missing]
    close = difflib.get_close_matches(folded(record.shown), names, 1, NEAR)
    return [entry for entry in missing if folded(entry.name) in close]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
