"""Who may be whom: what looks alike is asked about, with what to type if it is so."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING

from grader.lists.naming import folded
from grader.roster.rows import together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.results.students import StudentRecord
    from grader.roster.entries import Entry
    from grader.roster.rows import Rows

__all__ = ["likely", "question"]

NEAR, LOOKED_AT = 0.75, 500
ASKED = 3  # rows for one hand-in
SHORTEST_KEY = 3  # of an id: `hw 2` is not about the second student
SURE_PART = 4  # letters of a login or family name that are in a folder's name by no chance
SURE_SIGNS = 2  # the same for names in Chinese or Japanese


def likely(record: StudentRecord, left: Sequence[Entry]) -> list[Entry]:
    """Return the rows that look most like a student; nobody who may be here is called missing.

    Args:
        record: a hand-in that is not certainly anybody's.
        left: the rows that are nobody's yet.
    """
    called = f"{record.id} {record.name} {record.login} {record.email.partition('@')[0]}"
    words, written = set(map(together, folded(called).split())), together(called)
    for tells in (_keys, _family):
        for is_in in (words.__contains__, lambda part: part in written and _is_sure(part)):
            if found := [each for each in left if any(map(is_in, tells(each)))]:
                return found[:ASKED]
    return _nearest(record, left[:LOOKED_AT])[:ASKED]


def question(record: StudentRecord, entries: Sequence[Entry], rows: Rows) -> str:
    """Ask whether one of some rows is a student, with what to type for yes and for no."""
    who = " or ".join(entry.shown for entry in entries)
    yes = " or ".join(_option(record, rows.name_of(entry)) for entry in entries)
    return f"{record.told_apart} may be {who}. If so, add {yes}; if not, {_option(record, '')}"


def _option(record: StudentRecord, whose: str) -> str:
    return f"--same {shlex.quote(f'{record.id}={whose}')}"


def _keys(entry: Entry) -> list[str]:
    """Return what is in the name of somebody's folder: an id, a login, an address."""
    keys = map(together, (*entry.ids, entry.login, entry.email.partition("@")[0]))
    return [key for key in keys if len(key) >= SHORTEST_KEY]


def _family(entry: Entry) -> list[str]:
    """Return the family name, or what is most likely it."""
    family = entry.sorted_name.partition(",")[0] or entry.name.rpartition(" ")[2]
    return [together(family)] if folded(family) else []


def _is_sure(part: str) -> bool:
    return len(part) >= (SURE_PART if part.isascii() else SURE_SIGNS)


def _nearest(record: StudentRecord, left: Sequence[Entry]) -> list[Entry]:
    names = [folded(entry.name) for entry in left]
    close = difflib.get_close_matches(folded(record.shown), names, 1, NEAR)
    return [entry for entry in left if folded(entry.name) in close]
