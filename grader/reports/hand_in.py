"""Say of a hand-in who it is from, when it came, and which of its files were not recognised."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from grader.results.verdicts import Verdict
from grader.text.wording import moment, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.results.students import StudentRecord
    from grader.results.verdicts import StudentResult

__all__ = [
    "Presence",
    "facts",
    "lateness",
    "names_of",
    "presence",
    "remarks",
    "unrecognised",
]

NAMED = 10  # files in a sentence
LONGEST = 80  # characters of a file's name


class Presence(Enum):
    """Whether there is work of a student's to judge, and what else is there where there is none."""

    WORK = "work"
    UNRECOGNISED = "unrecognised"
    ELSEWHERE = "elsewhere"
    NOTHING = "nothing"


REMARKS = {
    Presence.NOTHING: "Nothing was handed in.",
    Presence.ELSEWHERE: "Nothing was handed in for the exercises that count here.",
    Presence.UNRECOGNISED: "No exercise was found in what was handed in: a file is known by its "
    "name, such as {}. Rename your files and hand them in again, or ask your instructor.",
}


def presence(result: StudentResult) -> Presence:
    """Tell what is there of a student; nobody handed in nothing while a file of theirs is there."""
    if any(each.source or each.verdict is not Verdict.MISSING for each in result.exercises):
        return Presence.WORK
    if result.record.unclaimed:
        return Presence.UNRECOGNISED
    return Presence.ELSEWHERE if result.has_files else Presence.NOTHING


def remarks(result: StudentResult, course: Course) -> tuple[str, ...]:
    """Return what a student has to know about the hand-in as a whole, the most important first."""
    missing = REMARKS.get(presence(result), "").format(course.exercises[0].file_names[0])
    return tuple(
        filter(None, (missing, unrecognised(result.record.unclaimed), *result.record.notes))
    )


def unrecognised(names: Sequence[str]) -> str:
    """Return `2 files were not recognised: losses_final.py, notes.txt`; of none, nothing."""
    verb = "was" if len(names) == 1 else "were"
    said = f"{plural(len(names), 'file')} {verb} not recognised: {', '.join(names_of(names))}"
    return said if names else ""


def names_of(names: Sequence[str]) -> Iterator[str]:
    """Give the names of files as a line holds them, and how many more there are."""
    for name in names[:NAMED]:
        shown = " ".join(printable(name).split())
        yield shown if len(shown) <= LONGEST else f"\N{HORIZONTAL ELLIPSIS}{shown[-LONGEST:]}"
    if len(names) > NAMED:
        yield f"and {len(names) - NAMED:,} more"


def lateness(record: StudentRecord) -> str:
    """Return `Handed in late, 2026-11-27 23:58`; nothing where that is not so, or not known."""
    if not record.late:
        return ""
    return ", ".join(filter(None, ("Handed in late", moment(record.submitted_at))))


def facts(record: StudentRecord) -> Iterator[tuple[str, str]]:
    """Give what else is known of a student, as label and value."""
    if record.name:
        yield "id", record.id
    if record.section:
        yield "section", record.section
    if record.group:
        yield "group", record.group
    if record.attempt:
        yield "attempt", str(record.attempt)
    if record.submitted_at and not record.late:
        yield "handed in", moment(record.submitted_at)
