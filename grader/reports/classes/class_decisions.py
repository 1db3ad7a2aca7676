"""What the class page says about decisions: whose score is another one by them, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.classes.class_remarks import Remarks, decisions_about
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.reports.classes.class_record import ClassRecord

__all__ = ["ClassDecisions", "class_decisions", "how_many"]


@dataclass(frozen=True)
class ClassDecisions:
    """The decisions of a class.

    Attributes:
        counts: how many have more, fewer and other points by them, as a sentence.
        everybody: those for all, with whom they have given points.
        own: those about single students.
    """

    counts: str
    everybody: tuple[str, ...]
    own: Remarks

    @property
    def any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.counts or self.everybody or self.own.rows)


def class_decisions(record: ClassRecord) -> ClassDecisions:
    """Return what is said of a class's decisions; nothing is, where there are none."""
    return ClassDecisions(how_many(record), tuple(_for_everybody(record)), decisions_about(record))


def how_many(record: ClassRecord) -> str:
    """Say whose scores are others than grading gave."""
    found = record.standings
    late = [each.lateness for each in found if each.lateness]
    counts = (
        (sum(each.by_decision > 0 for each in found), "more points by decision than by grading"),
        (sum(each.by_decision < 0 for each in found), "fewer points by decision"),
        (len([each for each in late if each.deduction]), "fewer points for being late"),
    )
    said = [f"{plural(count, 'student')} with {what}" for count, what in counts if count]
    if excused := sum(each.excused for each in found):
        said.append(f"{plural(excused, 'student')} excused")
    if unknown := sum(each.unknown for each in late):
        said.append(f"{plural(unknown, 'hand-in')} without a known time, so nothing is taken off")
    return f"{'; '.join(said)}." if said else ""


def _for_everybody(record: ClassRecord) -> Iterator[str]:
    for (words, about), gained in record.for_everybody.items():
        have = "has" if gained == 1 else "have"
        who = f" {plural(gained, 'student')} {have} more points by it." if gained else ""
        yield f"{about}: {words.rstrip('.')}.{who}"
