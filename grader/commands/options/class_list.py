"""`--roster` and what belongs to it: the list that a class is joined to, now or as before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from grader.runs.database import Database
    from grader.runs.kept_roster import ClassList
    from grader.submissions import ClassWork

__all__ = ["AskedList", "joined"]

Found = TypeVar("Found")


@dataclass(frozen=True)
class AskedList:
    """What the command line says of the list.

    Attributes:
        columns: headings by what they hold, with = between; `same` is whose a hand-in is, likewise.
        is_whole: whether the whole class is graded.
    """

    file: Path | None
    columns: Sequence[str] = ()
    same: Sequence[str] = ()
    is_whole: bool = True


def joined(work: ClassWork, asked: AskedList, output: Path) -> tuple[ClassWork, ClassList | None]:
    """Join a class to its list, if there is one, and say what comes of it; nothing is written.

    Raises:
        UsageError: the list can't be read, or is not that of the class.
    """
    from grader.roster.heading import COLUMNS
    from grader.roster.joining import join
    from grader.roster.reading import read_roster
    from grader.runs.kept_roster import FORGET, ClassList, has_list, kept_list

    headings = _pairs("--roster-column", asked.columns, COLUMNS)
    whose = _pairs("--same", asked.same, may_be_empty=True)
    forgotten = asked.file is not None and str(asked.file) == FORGET
    notes: tuple[str, ...] = ()
    if asked.file is None or forgotten:
        found = None if forgotten else _in_store(output, kept_list)
        if headings or (whose and found is None):
            raise UsageError("--roster-column and --same are about a roster: add --roster FILE")
        if found is None:
            was_there = forgotten and _in_store(output, has_list)
            told = ("The class's list is forgotten, as --roster none says.",) if was_there else ()
            return replace(work, notes=(*told, *work.notes)), None
        here = {each.student for each in work.submissions}
        known = {hand_in: student for hand_in, student in found.same.items() if hand_in in here}
        found, notes = replace(found, same=known | whose), (found.remembered,)
    else:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        found = ClassList(read_roster(asked.file, headings), asked.file.name, now, whose)
    done = join(work.submissions, found.roster, found.same, is_whole=asked.is_whole)
    lines = (*notes, *done.lines, *work.notes)
    return replace(work, submissions=done.submissions, notes=lines), found


def _in_store(output: Path, asked: Callable[[Database], Found]) -> Found | None:
    """Ask what an earlier run has kept, if there was one."""
    from grader.files.output_folder import STORE, as_it_is
    from grader.runs.database import Database

    if not (output / STORE).is_file():
        return None
    with as_it_is(output), Database(output / STORE, read_only=True) as database:
        return asked(database)


def _pairs(
    option: str, given: Sequence[str], keys: Iterable[str] = (), *, may_be_empty: bool = False
) -> dict[str, str]:
    """Return what stands before and behind the sign of equality.

    Raises:
        UsageError: there is none, or nothing is called so.
    """
    pairs = {}
    for each in given:
        key, sign, value = each.rpartition("=")
        if not (key and sign and (value or may_be_empty)) or (keys and key not in keys):
            of = f" (of {', '.join(keys)})" if keys else ""
            raise UsageError(f"{option} takes two names with = between them{of}, not {each!r}")
        pairs[key] = value
    return pairs
