"""`--only-gains`: a result that would cost a student points is held back; the earlier one stays.

Only what is computed counts here: points that people give are theirs to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.results.changes import gain_between
from grader.results.students import StudentRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.results.changes import Change
    from grader.runs.graded_students import Place
    from grader.runs.history.comparing import Differ, Piece
    from grader.runs.store import Store

__all__ = ["HeldBack", "held_back"]

NOBODY = StudentRecord(id="")


@dataclass(frozen=True)
class HeldBack:
    """What of a student's results is not published.

    Attributes:
        rows: of each exercise, under which key the store has the earlier result.
        changes: what would have changed.
    """

    rows: Mapping[str, str]
    changes: tuple[Change, ...]

    def place(self, now: Place, before: Mapping[str, Piece], after: Mapping[str, Piece]) -> Place:
        """Return where a student's results are, with the earlier ones."""
        keys = zip(after, now.keys, strict=True)
        works = zip(after, now.works or ("",) * len(after), strict=True)
        dropped = {after[exercise].key for exercise in self.rows}
        unkept = {key: each for key, each in (now.unkept or {}).items() if key not in dropped}
        return replace(
            now,
            keys=tuple(self.rows.get(exercise, key) for exercise, key in keys),
            works=tuple(before[name].work if name in self.rows else work for name, work in works),
            unkept=unkept or None,
        )


def held_back(
    before: Mapping[str, Piece], after: Mapping[str, Piece], differ: Differ, store: Store
) -> HeldBack | None:
    """Return what is held back of a student; nothing where no exercise would cost any points."""
    changes = [
        each
        for each in differ.changes(NOBODY, before, after)
        if _loses(before[each.exercise], after[each.exercise], differ)
    ]
    rows = {each.exercise: _row(before[each.exercise], differ, store) for each in changes}
    kept = tuple(each for each in changes if rows[each.exercise])
    return HeldBack({each.exercise: rows[each.exercise] for each in kept}, kept) if kept else None


def _loses(before: Piece, after: Piece, differ: Differ) -> bool:
    """Tell whether the tests give less than before, or the grader failed on them."""
    then, now = differ.side(before), differ.side(after)
    if then is None or now is None or then.result.has_fault:
        return False
    return now.result.has_fault or gain_between(then.computed, now.computed) < 0


def _row(before: Piece, differ: Differ, store: Store) -> str:
    """Return under which key the store has a result; empty where it has not."""
    side = differ.side(before)
    return store.row_of(before.key, side.result.tests) if side else ""
