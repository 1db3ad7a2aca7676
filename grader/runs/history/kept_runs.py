"""The runs that an output folder keeps: when, with what, and what everybody had in each.

A run refers to what is kept once: what a student had is one row for all runs in which that was the
same, what an exercise came to is one row for all who had the same, and results are the store's.
"""

from __future__ import annotations

import zlib
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import msgspec

from grader.errors import InfrastructureError, UsageError
from grader.results.changes import Under  # noqa: TC001 - msgspec reads annotations
from grader.runs.graded_students import Place  # noqa: TC001 - same
from grader.runs.history.marks import Mark, digest_of, packed
from grader.runs.kept_class import Circumstances  # noqa: TC001 - same
from grader.runs.store import plain_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.runs.database import Database, Table

__all__ = ["Had", "KeptRuns", "RunRecord"]

WRITTEN = "written"  # a key
WIDTH = 8  # of a run's number as a key, so that keys are in order
Kind = TypeVar("Kind", bound=msgspec.Struct)


class Had(msgspec.Struct, frozen=True, array_like=True):
    """What one student had in a run.

    Attributes:
        score: as it was published, with what people gave.
        marks: keys of what each exercise came to, in the order of the run's exercises.
        deduction: how many points less that is than all exercises together.
    """

    place: Place
    score: float
    max_score: float
    marks: tuple[str, ...]
    deduction: float = 0.0


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One run.

    Attributes:
        number: from 1, in the order of the runs.
        at: when it ended, in ISO 8601 with its zone.
        source: the file or folder that was graded.
        under: of each exercise, digests of what it was graded under.
        students: of each one's id, the key of what the student had.
        lost: how many students had fewer points than in the run before; likewise `gained`.
        handed_in_anew: how many results are of another hand-in than in the run before.
        files_gone: how many results had a hand-in in the run before and have none in this one.
        decided: about how many students there were new decisions that change what counts.
        by_hand: how many students have other points in parts that a person grades.
        late: of how many students late work costs more or less than in the run before.
        held: how many results were held back, as their students would have lost points.
        restored: the number of the run whose results these are again; 0 for none.
        since: the number of the run before, where that is not the one of the number before: the
            reports of those between were not written.
    """

    number: int
    at: str
    circumstances: Circumstances
    versions: dict[str, str] = {}
    source: str = ""
    under: dict[str, Under] = {}
    students: dict[str, str] = {}
    lost: int = 0
    gained: int = 0
    handed_in_anew: int = 0
    files_gone: int = 0
    decided: int = 0
    by_hand: int = 0
    late: int = 0
    held: int = 0
    restored: int = 0
    since: int = 0

    def is_like(self, other: RunRecord) -> bool:
        """Tell whether everybody had the same in another run, graded in the same way."""
        return self._what_counts == other._what_counts

    @property
    def _what_counts(self) -> tuple[object, ...]:
        return self.circumstances, self.versions, self.under, self.students


class KeptRuns:
    """The runs in an output folder's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def numbers(self) -> list[int]:
        """Return the numbers of the runs, the oldest first."""
        return [int(key) for key in self._database.keys("runs")]

    def run(self, number: int) -> RunRecord:
        """Return a run.

        Raises:
            UsageError: there is none of this number; the message says which there are.
            InfrastructureError: it is damaged.
        """
        numbers = self.numbers()
        if number not in numbers:
            there = f"there are {_spans(numbers)}" if numbers else "none is kept yet"
            raise UsageError(f"there is no run {number}; {there}")
        record = self._read("runs", _key(number), RunRecord)
        if record is None:
            raise InfrastructureError(f"what is kept of run {number} is damaged")
        return record

    def before(self, number: int | None = None) -> RunRecord | None:
        """Return the newest run that can be read, of those before another one."""
        for each in reversed(self.numbers()):
            if number is None or each < number:
                record = self._read("runs", _key(each), RunRecord)
                if record is not None:
                    return record
        return None

    def compared_with(self, run: RunRecord) -> RunRecord | None:
        """Return the run that another one was compared with: the last with reports before it."""
        return self.before(run.since + 1 if run.since else run.number)

    def had(self, key: str) -> Had | None:
        """Return what a student had; nothing where it is damaged."""
        return self._read("standings", key, Had)

    def mark(self, key: str) -> Mark | None:
        """Return what an exercise came to; nothing where it is damaged."""
        return self._read("marks", key, Mark)

    def keep_shared(self, table: Table, items: Iterable[msgspec.Struct]) -> list[str]:
        """Keep what many may share, once; return the keys."""
        contents = list(map(msgspec.msgpack.encode, items))
        keys = list(map(digest_of, contents))
        new = {
            key: packed(content)
            for key, content in zip(keys, contents, strict=True)
            if not self._database.has(table, key)
        }
        self._database.put(table, new)
        return keys

    def keep(self, record: RunRecord) -> None:
        """Keep a run; what it refers to is kept already."""
        self._database.put("runs", {_key(record.number): packed(msgspec.msgpack.encode(record))})

    def written(self) -> int | None:
        """Return the number of the last run whose reports were written, from 1, or 0 for none.

        None stands for the newest: an earlier version kept no more.
        """
        content = self._database.get("run", WRITTEN)
        return int(content) if content else None

    def note_written(self, number: int | None = None) -> None:
        """Note that the reports of a run are written; of the newest one unless another is named."""
        number = max(self.numbers(), default=0) if number is None else number
        self._database.put("run", {WRITTEN: str(number).encode()})

    def next_number(self) -> int:
        """Return the number of the next run."""
        return max(self.numbers(), default=0) + 1

    def drop_all_but(self, newest: int) -> None:
        """Drop the oldest runs, and the results that only these had.

        Killed in between, it leaves no run that is kept without something of its own.
        """
        numbers = self.numbers()
        old, kept = numbers[:-newest], numbers[-newest:]
        if not old:
            return
        used = self._standings(kept)
        results, marks = self._referred_to(used)
        gone = self._referred_to(self._standings(old) - used)[0] - results
        rows = [row for row in self._database.keys("results") if plain_key(row) in gone]
        self._database.put("results", {}, without=rows)
        self._database.put("runs", {}, without=map(_key, old))
        self._keep_only("standings", used)
        self._keep_only("marks", marks)

    def _keep_only(self, table: Table, used: set[str]) -> None:
        unused = [key for key in self._database.keys(table) if key not in used]
        self._database.put(table, {}, without=unused)

    def _standings(self, numbers: Iterable[int]) -> set[str]:
        """Return the keys of what students had in some runs."""
        records = (self._read("runs", _key(number), RunRecord) for number in numbers)
        return {key for record in records if record for key in record.students.values()}

    def _referred_to(self, standings: Iterable[str]) -> tuple[set[str], set[str]]:
        """Return the keys of results and of marks that students had."""
        results: set[str] = set()
        marks: set[str] = set()
        for had in filter(None, map(self.had, standings)):
            results.update(map(plain_key, had.place.keys))
            marks.update(had.marks)
        return results, marks

    def _read(self, table: Table, key: str, kind: type[Kind]) -> Kind | None:
        content = self._database.get(table, key)
        return None if content is None else _decoded(content, kind)


def _decoded(content: bytes, kind: type[Kind]) -> Kind:
    return msgspec.msgpack.decode(zlib.decompress(content), type=kind)


def _key(number: int) -> str:
    return f"{number:0{WIDTH}}"


def _spans(numbers: Iterable[int]) -> str:
    """Return `1, 3 to 7`."""
    spans: list[str] = []
    for _, group in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        span = [number for _, number in group]
        spans += [f"{span[0]} to {span[-1]}"] if len(span) > 2 else map(str, span)
    return ", ".join(spans)
