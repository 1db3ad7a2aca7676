"""Changes in words, for the terminal and for pages. What is somebody's own is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.text.wording import number, printable, signed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results.changes import Change, TestChange
    from grader.results.students import StudentRecord
    from grader.results.verdicts import TestResult

__all__ = [
    "ARROW",
    "called",
    "cut",
    "explaining",
    "naming",
    "outcome",
    "points",
    "some",
    "test_change",
]

MOST_CHARACTERS = 60  # of a name or an id
ARROW = "\N{RIGHTWARDS ARROW}"
NO_NAME = "no name"


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line, with so many characters at most."""
    line = " ".join(printable(text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def called(student: StudentRecord) -> str:
    """Return a student's name with the id, neither longer than fits."""
    name, number_ = cut(student.name), cut(student.id)
    return f"{name} ({number_})" if name not in {"", number_} else number_


def some(students: Iterable[StudentRecord], most: int = 5) -> str:
    """Return the first of some students, and how many more there are."""
    names = [called(each) for each in students]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def points(change: Change) -> str:
    """Return `12 → 10 of 15`, or both of what they are where that differs.

    Of what is taken off the whole hand-in, `1 → 0 points off`.
    """
    before, after = change.before, change.after
    if before and after and not change.exercise:
        return f"{number(abs(before.score))} {ARROW} {number(abs(after.score))} points off"
    if before is None or after is None:
        only = before or after
        return f"{number(only.score)} of {number(only.of)}" if only else ""
    of = "" if before.of == after.of else f" of {number(before.of)}"
    return f"{number(before.score)}{of} {ARROW} {number(after.score)} of {number(after.of)}"


def explaining(change: Change) -> list[TestChange]:
    """Return the hidden tests that made a student lose or gain, the one that did most first."""
    hidden = [each for each in change.tests if not each.public]
    found = [each for each in hidden if each.gain] or hidden
    return found if change.gain <= 0 else found[::-1]


def test_change(change: TestChange) -> str:
    """Return `passed → wrong (slug), −2`, or of which points a test with the same outcome is."""
    gain = f", {signed(change.gain)}" if change.gain else ""
    if change.before is None:
        return f"new: {outcome(change.after)}{gain}"
    if change.after is None:
        return f"gone; it was {outcome(change.before)}{gain}"
    before, after = outcome(change.before), outcome(change.after)
    if before == after and change.before.max_score == change.after.max_score:
        scores = f"{number(change.before.score)} {ARROW} {number(change.after.score)}"
        return f"{after}, {scores} points"
    if before == after:
        worth = f"{number(change.before.max_score)} {ARROW} {number(change.after.max_score)}"
        return f"{after}, worth {worth} points{gain}"
    return f"{before} {ARROW} {after}{gain}"


def outcome(test: TestResult | None) -> str:
    """Return `wrong (sum-not-mean)`, with the points where they are some of all."""
    if test is None:
        return ""
    is_part = 0 < test.score < test.max_score
    part = f" ({number(test.score)} of {number(test.max_score)})" if is_part else ""
    return f"{test.verdict.words}{part}{f' ({test.mistake})' if test.mistake else ''}"


def naming(before: str | None, after: str | None) -> str:
    """Return `sum-not-mean → no name`."""
    return f"{before or NO_NAME} {ARROW} {after or NO_NAME}"
