"""Which decisions and which due date a class has: as asked for, or else as in the run before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.courses.late_work import read_time
from grader.errors import UsageError
from grader.files.output_folder import DECISIONS
from grader.runs.deciding.reading import Decided, read_decisions, table_beside
from grader.text.wording import plural

if TYPE_CHECKING:
    from datetime import datetime

    from grader.courses import Course
    from grader.runs.database import Database

__all__ = ["Asked", "Remembered", "decisions_file", "decisions_of", "keep"]

KEY = "decisions"
TOML = ".toml"
NO_DUE_DATE = "none"


class _Kept(msgspec.Struct, frozen=True):
    """What the run before went by.

    Attributes:
        file: where its decisions stood; empty where that was beside its reports.
        entries: how many those were in the TOML file.
        rows: how many those were in the table beside it.
        due: what `--due` said, in ISO 8601.
    """

    file: str = ""
    entries: int = 0
    rows: int = 0
    due: str = ""


@dataclass(frozen=True)
class Asked:
    """What the command line says: nothing where it is empty."""

    file: Path | None = None
    due: str = ""


@dataclass(frozen=True)
class Remembered:
    """The decisions of a run.

    Attributes:
        place: the TOML file in which they stand, or would; a table beside it counts as well.
        due: what `--due` says, now or in the run before.
        notes: what to know about them, as sentences.
    """

    decided: Decided
    place: Path
    due: datetime | None = None
    is_elsewhere: bool = False
    notes: tuple[str, ...] = ()


def decisions_file(output: Path, database: Database, asked: Path | None = None) -> Path:
    """Return where the decisions of a class stand: as asked, as before, or beside its reports.

    For a table, that is the TOML file beside it, which need not be there.
    """
    before = _kept(database).file
    place = asked or (Path(before) if before else output / DECISIONS)
    return place.with_suffix(TOML) if place == table_beside(place) else place


def decisions_of(asked: Asked, output: Path, database: Database, course: Course) -> Remembered:
    """Read the decisions of a class.

    Raises:
        UsageError: they can't be read, or those of the run before are gone.
    """
    before = _kept(database)
    place = decisions_file(output, database, asked.file)
    if asked.file and not asked.file.is_file():
        raise UsageError(f"there is no {asked.file}; `grader decide` or an editor makes one")
    if place.resolve() == decisions_file(output, database).resolve():
        _require_there(place, before)
    decided = read_decisions(place, course)
    notes = list(decided.unfitting(course))
    own = output / DECISIONS
    is_elsewhere = place.resolve() != own.resolve()
    for file in (own, table_beside(own)):
        if is_elsewhere and file.is_file():
            what = f"the decisions of this class are those in {asked.file or place}"
            notes.append(f"{file} does not count: {what}.")
    said = _due(asked.due)
    if said and decided.due and said != decided.due:
        notes.append(f"--due counts, and not the due date in {place}.")
    kept = None if decided.due or asked.due == NO_DUE_DATE else _due(before.due)
    due = said or decided.due or kept
    if due is None and any(entry.due is not None for _, entry in decided.entries):
        notes.append(f"{place} has an extension, and there is no due date: add --due TIME.")
    return Remembered(replace(decided, due=due), place, said or kept, is_elsewhere, tuple(notes))


def keep(remembered: Remembered, database: Database) -> None:
    """Remember for the next run what this one goes by."""
    files = [where.file.file for where, _ in remembered.decided.entries]
    rows = [file for file in files if file == table_beside(remembered.place)]
    kept = _Kept(
        file=str(remembered.place.resolve()) if remembered.is_elsewhere else "",
        entries=len(files) - len(rows),
        rows=len(rows),
        due=remembered.due.isoformat() if remembered.due else "",
    )
    database.put("run", {KEY: msgspec.json.encode(kept)})


def _kept(database: Database) -> _Kept:
    content = database.get("run", KEY)
    return msgspec.json.decode(content, type=_Kept) if content else _Kept()


def _due(text: str) -> datetime | None:
    if not text or text == NO_DUE_DATE:
        return None
    try:
        return read_time(text)
    except ValueError as error:
        raise UsageError(f"--due takes {error}, not {text!r}") from error


def _require_there(place: Path, before: _Kept) -> None:
    for file, count in ((place, before.entries), (table_beside(place), before.rows)):
        if count and not file.is_file():
            raise UsageError(
                f"{file} is not there, and the run before applied {plural(count, 'decision')} "
                "from it: put it back, or put an empty file in its place to go on without them"
            )
