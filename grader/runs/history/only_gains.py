"""`--only-gains`: a result that would cost a student points is held back; the earlier one stays.

Only what is computed counts here: points that people give are theirs to change. Where it costs
points to have handed in again, and later, the whole earlier hand-in stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.results.changes import Points, gain_between
from grader.results.students import StudentRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.results.changes import Change
    from grader.runs.graded_students import Place
    from grader.runs.history.comparing import Differ, Piece
    from grader.runs.history.kept_runs import Had
    from grader.runs.store import Store

__all__ = ["HeldBack", "costs_by_time", "earlier_hand_in", "held_back"]

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
        return changed(
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


def costs_by_time(then: Had, now: Had) -> bool:
    """Tell whether a student has fewer points, as more is taken off for another, later hand-in."""
    came = [each.place.record.submitted_at for each in (then, now)]
    before, after = (Points(each.score, each.max_score) for each in (then, now))
    is_more = now.deduction > then.deduction
    return came[0] != came[1] and is_more and gain_between(before, after) < 0


def earlier_hand_in(
    then: Had, now: Place, before: Mapping[str, Piece], differ: Differ, store: Store
) -> Place | None:
    """Return where a student's earlier results are, with their time; None where one is gone.

    Args:
        then: what the student had.
        now: where the results of the hand-in of now are.
        before: what the student had in each exercise of now, in their order.
        differ: reads what that is.
        store: of the results.
    """
    rows = [_row(piece, differ, store) for piece in before.values()]
    if len(rows) != len(now.keys) or not all(rows):
        return None
    earlier = then.place.record
    record = changed(now.record, submitted_at=earlier.submitted_at, late=earlier.late)
    works = tuple(piece.work for piece in before.values())
    return changed(
        then.place, record=record, keys=tuple(rows), works=works if all(works) else (), unkept=None
    )


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
