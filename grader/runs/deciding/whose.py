"""Whom decisions are about: a name in the file, and the students of the class that it fits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lists.naming import name_keys
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.results.students import StudentRecord
    from grader.runs.deciding.entries import Entry
    from grader.runs.deciding.entries_file import Where
    from grader.runs.deciding.reading import Decided

__all__ = ["Roll", "Shared", "shared_out"]


MOST = 5  # decisions about nobody that are each said with the line, which takes a while to find
NAMED = 50  # of the others
MEANT = 5  # students whom one name may mean


class Roll:
    """The students of a class, in which a name is looked up."""

    def __init__(self, records: Iterable[StudentRecord]) -> None:
        self._ids = {each.id: each for each in records}
        self._keys: dict[str, list[StudentRecord]] = defaultdict(list)
        self._names: dict[str, list[StudentRecord]] = defaultdict(list)
        for each in self._ids.values():
            for key in {each.login.casefold(), each.email.casefold()} - {""}:
                self._keys[key].append(each)
            for key in name_keys(each.name)[:1]:
                self._names[key].append(each)

    def fitting(self, name: str) -> Sequence[StudentRecord]:
        """Return whom a name fits: by id, or else by login or address, or else by the name."""
        wanted = name.strip()
        if wanted in self._ids:
            return [self._ids[wanted]]
        by_key = self._keys.get(wanted.casefold(), [])
        return by_key or self._names.get(next(iter(name_keys(wanted)), ""), [])

    def meant(self, name: str) -> str:
        """Say whom somebody may have meant; empty where nobody is called alike."""
        called: dict[str, list[str]] = defaultdict(list)
        for each in self._ids.values():
            for text in {each.id, each.name, *name_keys(each.name)[:1]} - {""}:
                called[text].append(printable(each.told_apart))
        wanted = dict.fromkeys([name, *name_keys(name)[:1]])
        close = [found for text in wanted for found in get_close_matches(text, called)]
        who = dict.fromkeys(told for text in close for told in called[text])
        return f"did you mean {' or '.join([*who][:MEANT])}?" if who else ""


@dataclass(frozen=True)
class Shared:
    """The decisions of a class, by whom they are about.

    Attributes:
        everybody: those for all.
        own: those for each student, by id.
        notes: which of them fit nobody, as sentences.
    """

    everybody: tuple[Entry, ...] = ()
    own: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def shared_out(decided: Decided, records: Iterable[StudentRecord]) -> Shared:
    """Find the student of each decision.

    Raises:
        UsageError: several students fit a name, or two decisions about one student decide the same;
            the message names the lines.
    """
    roll = Roll(records)
    own: dict[str, list[Entry]] = defaultdict(list)
    strangers: list[tuple[Where, str]] = []
    wrong: list[str] = []
    seen: dict[tuple[object, ...], Where] = {}
    for where, entry in decided.entries:
        if entry.everybody:
            continue
        found = roll.fitting(entry.student)
        if len(found) > 1:
            wrong.append(where.about(_several(entry.student, found)))
        elif not found:
            strangers.append((where, entry.student))
        else:
            keys = {(found[0].id, entry.exercise, entry.test, kind) for kind in entry.kinds}
            if both := seen.keys() & keys:
                line = seen[min(both)].seen_from(where)
                wrong.append(where.about(f"{line} decides the same for {found[0].told_apart}"))
            seen |= dict.fromkeys(keys, where)
            own[found[0].id].append(entry)
    if wrong:
        raise UsageError("\n".join(wrong))
    everybody = tuple(each for _, each in decided.entries if each.everybody)
    said = [where.about(_nobody(name, roll)) for where, name in strangers[:MOST]]
    return Shared(everybody, dict(own), (*said, *_others([name for _, name in strangers[MOST:]])))


def _others(names: Sequence[str]) -> Iterator[str]:
    """Say which further names are those of nobody in the class."""
    if names:
        more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        who = ", ".join(map(printable, names[:NAMED]))
        yield f"Not in this class either, though there are decisions about them: {who}{more}."


def _several(name: str, found: Sequence[StudentRecord]) -> str:
    who = ", ".join(printable(each.told_apart) for each in found)
    return f"{name!r} fits {len(found)} students, so name one by the id: {who}"


def _nobody(name: str, roll: Roll) -> str:
    meant = roll.meant(name)
    return f"this class has no student {name!r}, so this has no effect{meant and f'; {meant}'}"
