"""What a student has over the term: weights, the lowest that are dropped, and the trend."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.book.hand_ins import Entry

__all__ = ["Total", "Weighing", "change", "percent"]


@dataclass(frozen=True)
class Total:
    """What the hand-ins that count come to.

    Attributes:
        points: with their weights, or as they are where there are none.
        of: the most that could be had in the same hand-ins.
        counted: the places of those that count.
        dropped: the places of those that were left out as the lowest.
    """

    points: float
    of: float
    counted: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()

    @property
    def percent(self) -> float | None:
        """The points as a percentage; None where nothing counts."""
        return 100 * self.points / self.of if self.of > 0 else None


@dataclass(frozen=True)
class Weighing:
    """How totals are made.

    Attributes:
        weights: of each hand-in in order; None where each counts its own points.
        drop_lowest: how many of each student's do not count; one always does.
    """

    weights: tuple[float, ...] | None = None
    drop_lowest: int = 0

    def total(self, entries: Sequence[Entry | None]) -> Total:
        """Add up a student's hand-ins.

        One in which the student is not, or is excused, or in which no points were judged, counts
        neither for nor against. The lowest are those with the lowest percentages, and of two
        equal ones the heavier.
        """
        there = {place: each for place, each in enumerate(entries) if each and each.counts}
        weights = {place: self._weight(place, each) for place, each in there.items()}
        weights = {place: weight for place, weight in weights.items() if weight > 0}
        shares = {place: there[place].score / there[place].max_score for place in weights}
        lowest = sorted(weights, key=lambda place: (shares[place], -weights[place], place))
        dropped = lowest[: min(self.drop_lowest, max(len(lowest) - 1, 0))]
        counted = sorted(set(weights) - set(dropped))
        return Total(
            points=sum(there[it].score * (weights[it] / there[it].max_score) for it in counted),
            of=sum(weights[place] for place in counted),
            counted=frozenset(counted),
            dropped=frozenset(dropped),
        )

    def _weight(self, place: int, entry: Entry) -> float:
        return entry.max_score if self.weights is None else self.weights[place]


def percent(entry: Entry | None) -> float | None:
    """Return how much of its points a hand-in has; None where there is nothing to judge."""
    return 100 * entry.score / entry.max_score if entry and entry.counts else None


def change(entries: Sequence[Entry | None]) -> float | None:
    """Return how the last hand-in differs from the mean of those before, in percentage points.

    None where there are not two.
    """
    found = [it for each in entries if (it := percent(each)) is not None]
    return found[-1] - fmean(found[:-1]) if len(found) > 1 else None
