"""What people decided about a student's results, as it counts; grading knows nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Kind", "Lateness", "Ruling", "Settled"]


class Kind(StrEnum):
    """What is decided."""

    POINTS = "points"
    EXCUSED = "excused"
    DROPPED = "dropped"
    WEIGHT = "weight"
    DUE = "due"
    LATE_DAYS = "late_days"
    COMMENT = "comment"
    HAND_IN = "hand_in"

    @property
    def words(self) -> str:
        """The kind as people read it."""
        return self.value.replace("_", " ")


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, and what it does to one student.

    Attributes:
        exercise: whose name; empty where it is about the whole hand-in.
        test: its name; empty where it is about no single test.
        title: the student's line of that test.
        reason: as it was written down.
        said: what is decided, as the beginning of a sentence: `+2 points`, `Excused`.
        change: how many points of the exercise the student has more than by grading.
        graded: the points by grading; None where it is not about points.
        text: of a comment, in Markdown.
        everybody: whether it is one for the whole class.
        rule: `=3` or `+1`: the points that are decided, whatever they come to; else empty.
    """

    kind: Kind
    exercise: str = ""
    test: str = ""
    title: str = ""
    reason: str = ""
    said: str = ""
    change: float = 0.0
    graded: float | None = None
    text: str = ""
    everybody: bool = False
    rule: str = ""

    @property
    def words(self) -> str:
        """All of it, as a sentence: `+2 points by decision: the test was too strict`."""
        return f"{self.said} by decision{self._why}"

    @property
    def with_graded(self) -> str:
        """The same, with the points by grading: `+2 points by decision (by grading 0): …`."""
        graded = "" if self.graded is None else f" (by grading {round(self.graded, 2):g})"
        return f"{self.said} by decision{graded}{self._why}"

    @property
    def about(self) -> str:
        """The exercise, with the sentence of the test that it is about."""
        return ": ".join(filter(None, (self.exercise, self.title.rstrip("."))))

    @property
    def _why(self) -> str:
        return f": {self.reason}" if self.reason else ""


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """When a hand-in was due and when it came, and what that costs.

    Attributes:
        due: for this student, in ISO 8601.
        late: None where the download does not tell.
        unknown: whether it is not known when the hand-in came, so that nothing is taken off.
        days: how many days it was late, each that has begun.
        free_days: how many of them cost nothing.
        deduction: the points that are taken off.
        lines: how that is reckoned, as sentences.
    """

    due: str
    late: bool | None = None
    unknown: bool = False
    days: int = 0
    free_days: int = 0
    deduction: float = 0.0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """The tests of a student over which people have decided: what went wrong there is no charge.

    A pair of an exercise and a test is in it where the student is excused from the exercise, or has
    more points by decision for the test or the exercise.

    Attributes:
        excused: from which exercises; an empty name is all of them.
        given: for which tests there are points; one without a name is all of its exercise.
    """

    excused: frozenset[str] = frozenset()
    given: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def by(cls, decisions: Iterable[tuple[str, str, str, float]]) -> Self:
        """Return what decisions settle: of each the kind, the exercise, the test and the points."""
        excused, given = set[str](), set[tuple[str, str]]()
        for kind, exercise, test, change in decisions:
            if kind == Kind.EXCUSED:
                excused.add(exercise)
            elif change > 0:
                given.add((exercise, test))
        return cls(frozenset(excused), frozenset(given))

    def __contains__(self, place: object) -> bool:
        """Tell whether a test, given with its exercise before it, is settled."""
        if not (self.excused or self.given) or not isinstance(place, tuple):
            return False
        exercise = place[0]
        return not self.excused.isdisjoint({"", exercise}) or not self.given.isdisjoint(
            {place, (exercise, "")}
        )
