"""What a student's page says about decisions: each as what it is, beside the score by grading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.code.markup import Kind as Markups
from grader.results.decided import Kind
from grader.text.wording import number, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from grader.reports.code.room import Room
    from grader.results.decided import Ruling
    from grader.results.verdicts import ExerciseResult, StudentResult

__all__ = ["RulingView", "by_grading", "counting", "ruling_views"]


@dataclass(frozen=True)
class RulingView:
    """One decision.

    Attributes:
        words: what was decided, and why; empty of a comment.
        test: the sentence of the test that it is about, and `href` where that stands on the page.
        comment: what somebody wrote, as HTML, or as text where it could not be rendered.
    """

    words: str
    test: str
    href: str
    comment: Markup | str


def ruling_views(rulings: Iterable[Ruling], room: Room) -> tuple[RulingView, ...]:
    """Return decisions as a page shows them, within the room that it has left."""
    return tuple(
        RulingView(
            words="" if each.kind is Kind.COMMENT else printable(each.with_graded),
            test=printable(each.title),
            href=f"#{each.exercise}-{each.test}" if each.title else "",
            comment=_comment(each, room),
        )
        for each in rulings
    )


def by_grading(result: StudentResult) -> str:
    """Return the score by grading alone, where another one counts; else nothing."""
    if result.computed is None or result.computed == (result.score, result.max_score):
        return ""
    score, most = map(number, result.computed)
    return f"By grading alone: {score} of {most} points."


def counting(exercise: ExerciseResult) -> str:
    """Say how an exercise counts, where that is not as usual."""
    if exercise.weight == 1:
        return ""
    return f"counts {number(exercise.weight)} times" if exercise.weight else "does not count"


def _comment(ruling: Ruling, room: Room) -> Markup | str:
    if ruling.kind is not Kind.COMMENT:
        return ""
    text = printable(ruling.text)
    return room.rendered(Markups.MARKDOWN, text) or text
