"""What the class page says about single students: their files, and what was decided of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.attention.needs_help import needing_help
from grader.reports.classes.class_table import Link, link
from grader.reports.classes.rolls import DECIDED, HELP, NOTED, ROWS, UNRECOGNISED
from grader.reports.hand_in import names_of
from grader.reports.sheets import list_href
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = [
    "OPEN",
    "Remarks",
    "decisions_about",
    "notes_on_files",
    "unrecognised_files",
    "who_needs_help",
]

OPEN = 12  # students whose files are listed at once; of more, the list is folded


@dataclass(frozen=True)
class Remark:
    """What there is to say about one student."""

    link: Link
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Remarks:
    """What there is to say about some students of a class.

    Attributes:
        summary: how many it is about.
        folded: whether they are many.
        more: how many students are not among the rows, and `href` where they are.
    """

    summary: str
    folded: bool
    rows: tuple[Remark, ...]
    more: str
    href: str


def who_needs_help(record: ClassRecord) -> Remarks:
    """Return who may need help, and why."""
    found = needing_help(record)
    why = {each.standing.student: each.reasons for each in found}
    whose = [each.standing for each in found]
    return _remarks(
        record, whose, HELP, lambda standing: why[standing.student], "Behind or stuck: "
    )


def unrecognised_files(record: ClassRecord) -> Remarks:
    """Return whose files belong to no exercise, and what they are called."""
    whose = record.unclaimed
    files = plural(sum(len(each.record.unclaimed) for each in whose), "file")
    return _remarks(record, whose, UNRECOGNISED, _unclaimed, f"{files} of ")


def notes_on_files(record: ClassRecord) -> Remarks:
    """Return the notes on which file counted, and on what was set aside."""
    return _remarks(record, record.noted, NOTED, lambda standing: standing.notes, "")


def decisions_about(record: ClassRecord) -> Remarks:
    """Return what was decided of single students; who has most points by it comes first."""
    return _remarks(record, record.decided, DECIDED, lambda standing: standing.decided, "")


def _unclaimed(standing: Standing) -> tuple[str, ...]:
    return (", ".join(names_of(standing.record.unclaimed)),)


def _remarks(
    record: ClassRecord,
    whose: Sequence[Standing],
    name: str,
    said: Callable[[Standing], tuple[str, ...]],
    what: str,
) -> Remarks:
    more = len(whose) - ROWS
    return Remarks(
        summary=what + plural(len(whose), "student"),
        folded=len(whose) > OPEN,
        rows=tuple(Remark(link(each, record.called(each)), said(each)) for each in whose[:ROWS]),
        more=f"and {more:,} more" if more > 0 else "",
        href=list_href(name),
    )
