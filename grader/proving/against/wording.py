"""A comparison in words: for the terminal and for its page. What is somebody's own is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.results.changes import Reason
from grader.text.wording import number, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.proving.against.comparison import Comparison, Naming, Passing
    from grader.results.changes import Change, TestChange
    from grader.results.students import StudentRecord
    from grader.results.verdicts import TestResult

__all__ = [
    "ANEW",
    "called",
    "cut",
    "difference",
    "explaining",
    "lead",
    "left_out",
    "naming",
    "passing",
    "points",
    "test_change",
]

MOST_CHARACTERS = 60  # of a name or an id
MOST_NAMED = 3  # exercises
MINUS, ARROW = "\N{MINUS SIGN}", "\N{RIGHTWARDS ARROW}"
NO_NAME = "no name"
ANEW = "These students handed in something else since: a difference may come from that."
UNCHANGED = "{}: nothing has changed that decides a score, so nothing was graded."


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return a text on one line, with so many characters at most."""
    line = " ".join(printable(text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def called(student: StudentRecord) -> str:
    """Return a student's name with the id, neither longer than fits."""
    name, number_ = cut(student.name), cut(student.id)
    return f"{name} ({number_})" if name not in {"", number_} else number_


def lead(comparison: Comparison) -> str:
    """Say in a sentence who would lose and gain, and in which exercises."""
    changed = [name for name in comparison.judged if name not in comparison.unchanged]
    new = _names(changed or list(comparison.judged))
    if not changed:
        return UNCHANGED.format(new)
    faulty = plural(len(comparison.faulty), "student")
    if not comparison.students:
        why = f": the grader failed on the work of {faulty}" if comparison.faulty else ""
        return f"{new}: nothing can be compared{why}."
    also = f" The grader failed on the work of {faulty}." if comparison.faulty else ""
    return f"{new}: {_who(comparison)}.{also}"


def _names(exercises: Sequence[str]) -> str:
    few = len(exercises) <= MOST_NAMED
    return ", ".join(exercises) if few else plural(len(exercises), "exercise")


def _who(comparison: Comparison) -> str:
    losing, gaining = (_students(each) for each in (comparison.losing, comparison.gaining))
    of = plural(len(comparison.students), "student")
    if not losing and not gaining:
        return f"none of {of} would lose or gain points"
    lose = f"{len(losing):,}" if losing else "none"
    gain = f"{len(gaining):,}" if gaining else "none"
    return f"{lose} of {of} would lose points, {gain} would gain"


def _students(changes: Iterable[Change]) -> set[str]:
    return {each.student.id for each in changes}


def points(change: Change) -> str:
    """Return `12 → 10 of 15`, or both of what they are where that differs."""
    before, after = change.before, change.after
    if before is None or after is None:
        only = before or after
        return f"{number(only.score)} of {number(only.of)}" if only else ""
    of = "" if before.of == after.of else f" of {number(before.of)}"
    return f"{number(before.score)}{of} {ARROW} {number(after.score)} of {number(after.of)}"


def difference(gain: float) -> str:
    """Return `+2` or `−2`."""
    return f"+{number(gain)}" if gain > 0 else f"{MINUS}{number(-gain)}"


def explaining(change: Change) -> list[TestChange]:
    """Return the hidden tests that made a student lose or gain, the one that did most first."""
    hidden = [each for each in change.tests if not each.public]
    found = [each for each in hidden if each.gain] or hidden
    return found if change.gain <= 0 else found[::-1]


def test_change(change: TestChange) -> str:
    """Return `passed → wrong (slug), −2`, or of which points a test with the same outcome is."""
    gain = f", {difference(change.gain)}" if change.gain else ""
    if change.before is None:
        return f"new: {_outcome(change.after)}{gain}"
    if change.after is None:
        return f"gone; it was {_outcome(change.before)}{gain}"
    before, after = _outcome(change.before), _outcome(change.after)
    if before == after:
        worth = f"{number(change.before.max_score)} {ARROW} {number(change.after.max_score)}"
        return f"{after}, worth {worth} points{gain}"
    return f"{before} {ARROW} {after}{gain}"


def _outcome(test: TestResult | None) -> str:
    if test is None:
        return ""
    part = 0 < test.score < test.max_score
    some = f" ({number(test.score)} of {number(test.max_score)})" if part else ""
    return f"{test.verdict.words}{some}{f' ({test.mistake})' if test.mistake else ''}"


def naming(each: Naming) -> str:
    """Return `sum-not-mean → no name`."""
    return f"{each.before or NO_NAME} {ARROW} {each.after or NO_NAME}"


def passing(each: Passing) -> tuple[str, str]:
    """Return who passes a test now, and who did before."""
    tried, before = f"{each.tried:,}", f"{each.passed_before:,} of {each.tried_before:,}"
    now = f"all {tried} pass" if each.passed else f"none of {tried} passes"
    return now, before if each.tried_before else "new"


def left_out(comparison: Comparison) -> list[str]:
    """Return sentences about what is not compared, and what else is to be known."""
    lines = [
        f"{name}: {number(then)} points before, {number(now)} now; an earlier score counts as its "
        "share of the points now."
        for name, (then, now) in comparison.points.items()
    ]
    if len(comparison.unchanged) < len(comparison.judged):
        lines += [UNCHANGED.format(name) for name in comparison.unchanged]
    if comparison.lacking:
        names = ", ".join(comparison.lacking)
        lines.append(f"{names}: not compared, as there are no earlier results of it.")
    return [*lines, *_people(comparison), *comparison.notes]


def _people(comparison: Comparison) -> Iterator[str]:
    """Give sentences about students who are not compared."""
    first = sum(reasons[Reason.FIRST] for reasons in comparison.judged.values())
    groups = (
        (comparison.gone, "with earlier results and no work in this class"),
        (comparison.strangers, "with work in this class and no earlier results"),
        (list(comparison.failed_before.values()), "whose work the grader had failed on before"),
    )
    for students, words in groups:
        if students:
            yield f"{plural(len(students), 'student')} {words}: {some(students)}."
    if first:
        yield f"{plural(first, 'result')} had no earlier one beside it."


def some(students: Iterable[StudentRecord], most: int = 5) -> str:
    """Return the first of some students, and how many more there are."""
    names = [called(each) for each in students]
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
