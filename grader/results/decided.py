"""What people decided about a student's results, as it counts; grading knows nothing of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["Kind", "Lateness", "Ruling"]


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
