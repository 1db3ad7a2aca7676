"""Join a class's hand-ins to its list: by what is certain, and never by a guess."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.errors import UsageError
from grader.lists.naming import folded
from grader.results.students import ROSTER, StudentRecord
from grader.roster.doubts import likely, question
from grader.roster.rows import Rows, together
from grader.submissions import Submission
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.roster.entries import Entry, Roster

__all__ = ["Joined", "join"]

NOTHING_HERE = "On the roster; nothing of theirs is in the hand-in."
NAMED = 10


@dataclass(frozen=True)
class Joined:
    """A class with its list.

    Attributes:
        submissions: in order of id; also of those on the list who handed in nothing.
        lines: what to tell an instructor, as sentences.
    """

    submissions: list[Submission]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Pair:
    """A hand-in, and the row that is certainly its student's."""

    submission: Submission
    entry: Entry | None


def join(
    found: Sequence[Submission], roster: Roster, same: Mapping[str, str], *, is_whole: bool = True
) -> Joined:
    """Join hand-ins to the rows of a list; what is not certain is asked about.

    Args:
        found: what was handed in.
        roster: the list.
        same: ids of hand-ins to whom they are on the list, as an instructor has said; nobody where
            that is empty.
        is_whole: whether that is the whole class; of a part of it nobody is called missing.

    Raises:
        UsageError: `same` names nobody, or nobody at all is on the list.
    """
    rows = Rows(roster, [each.record for each in found])
    pairs = [_told(pair, same, rows) for pair in _pairs(found, rows)]
    _require_known(same, pairs)
    taken = Counter(pair.entry for pair in pairs if pair.entry)
    left = [entry for entry in roster.entries if entry not in taken]
    alone = [pair.submission.record for pair in pairs if pair.entry is None]
    doubts = {each.id: likely(each, left) for each in alone if same.get(each.id) is None}
    if pairs and not (taken or any(doubts.values()) or same):
        raise UsageError(_another_class(pairs, roster))
    asked_about = {entry for entries in doubts.values() for entry in entries}
    missing = [entry for entry in left if entry not in asked_about]
    lines = [
        *roster.remarks,
        *_of_groups(found, rows, same),
        *_twice(pairs, taken),
        *(_missing(missing, roster) if is_whole else ()),
        *_strangers([each for each in alone if not doubts.get(each.id)]),
        *_questions([each for each in alone if doubts.get(each.id)], doubts, rows),
    ]
    submissions = [*(_completed(pair, taken) for pair in pairs), *_absent(missing, pairs, roster)]
    return Joined(sorted(submissions, key=lambda each: each.student), tuple(lines))


def _pairs(found: Sequence[Submission], rows: Rows) -> Iterator[_Pair]:
    """Give each hand-in with its row; a group's once for each of its members."""
    ids = {each.student for each in found}
    for submission in found:
        record = submission.record
        members = rows.group(record)
        for member in members:
            own = _free(member.id, record.shown, ids)
            mine = changed(record, id=own, name=member.name, group=record.shown)
            yield _Pair(Submission(mine, submission.found), member)
        if not members:
            yield _Pair(submission, rows.of(record))


def _free(wanted: str, why: str, ids: set[str]) -> str:
    """Return an id that nobody has, and take it."""
    while wanted in ids:
        wanted += f" ({why})"
    ids.add(wanted)
    return wanted


def _told(pair: _Pair, same: Mapping[str, str], rows: Rows) -> _Pair:
    """Go by what an instructor has said of a hand-in, if that is anything."""
    whose = same.get(pair.submission.student)
    if whose is None:
        return pair
    return _Pair(pair.submission, rows.named(whose) if whose else None)


def _require_known(same: Mapping[str, str], pairs: Sequence[_Pair]) -> None:
    known = [pair.submission.student for pair in pairs]
    for named in same:
        if named not in known:
            close = difflib.get_close_matches(named, known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise UsageError(f"--same: there is no hand-in called {named!r}{hint}")


def _completed(pair: _Pair, taken: Counter[Entry]) -> Submission:
    """Write down what the list knows of a student; of two on one row, nothing."""
    entry, record = pair.entry, pair.submission.record
    if entry is None or taken[entry] > 1:
        return pair.submission
    has_its_letters = _letters(record.name) == _letters(entry.name)
    is_written_worse = has_its_letters and (  # Canvas's `smithjane`, Moodle's `Sean OBrien`
        " " not in record.name or folded(record.name) == folded(entry.name)
    )
    filled = changed(
        record,
        name=entry.name if is_written_worse or not record.name else record.name,
        email=record.email or entry.email,
        login=record.login or entry.login,
        section=record.section or entry.section,
    )
    return Submission(filled, pair.submission.found)


def _letters(name: str) -> list[str]:
    return sorted(together(name))


def _absent(
    missing: Sequence[Entry], pairs: Sequence[_Pair], roster: Roster
) -> Iterator[Submission]:
    """Give a student for each row of whom there is nothing, called as the download would."""
    ids = {pair.submission.student for pair in pairs}
    readers = {pair.submission.record.reader for pair in pairs}
    for entry in missing:
        number = entry.number if roster.numbered_by in readers else ""
        record = StudentRecord(
            id=_free(number or entry.id, "roster", ids),
            name=entry.name,
            email=entry.email,
            login=entry.login,
            section=entry.section,
            notes=(NOTHING_HERE,),
            reader=ROSTER,
        )
        yield Submission(record)


def _another_class(pairs: Sequence[_Pair], roster: Roster) -> str:
    """Say that a list is another's, or that a download names nobody."""
    here = _listed([pair.submission.record.told_apart for pair in pairs], 3)
    there = _listed([entry.shown for entry in roster.entries], 3)
    return (
        "no student who handed in is on the roster: is it the list of this class? "
        f"Handed in: {here}; on the roster: {there}. If they are the same students, say so once "
        "with --same HAND-IN=STUDENT; a hand-in without names can't be joined: add --roster none"
    )


def _of_groups(found: Sequence[Submission], rows: Rows, same: Mapping[str, str]) -> Iterator[str]:
    for each in found:
        members = [entry.shown for entry in rows.group(each.record)]
        if members and each.student not in same:
            yield f"{each.record.shown} counts for its members: {_listed(members)}."


def _twice(pairs: Sequence[_Pair], taken: Counter[Entry]) -> Iterator[str]:
    for entry, count in taken.items():
        if count > 1:
            whose = ", ".join(pair.submission.student for pair in pairs if pair.entry == entry)
            yield f"{entry.shown} on the roster fits {count} hand-ins, kept apart: {whose}."


def _missing(missing: Sequence[Entry], roster: Roster) -> Iterator[str]:
    if missing:
        who = _listed([entry.shown for entry in missing])
        of = f"{len(missing)} of {len(roster.entries)} on the roster"
        yield f"{of} with nothing in this hand-in: {who}."  # a decision may take it from elsewhere


def _strangers(strangers: Sequence[StudentRecord]) -> Iterator[str]:
    if strangers:
        who = _listed([each.told_apart for each in strangers])
        are = "is" if len(strangers) == 1 else "are"
        yield f"{plural(len(strangers), 'hand-in')} {are} not on the roster: {who}."


def _questions(
    unsure: Sequence[StudentRecord], doubts: Mapping[str, Sequence[Entry]], rows: Rows
) -> Iterator[str]:
    yield from (question(each, doubts[each.id], rows) for each in unsure[:NAMED])
    if len(unsure) > NAMED:
        yield f"{len(unsure) - NAMED} more hand-ins may belong to students on the roster."


def _listed(names: Sequence[str], most: int = NAMED) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
