"""A comparison in words: for the terminal and for its page. What is somebody's own is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.wording import some
from grader.results.changes import Reason
from grader.text.wording import number, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.proving.against.comparison import Comparison, Passing
    from grader.results.changes import Change

__all__ = [
    "ANEW",
    "lead",
    "left_out",
    "passing",
]

MOST_NAMED = 3  # exercises
ANEW = (
    "These students handed in something else since, or their file is no longer there: a difference "
    "may come from that."
)
UNCHANGED = "{}: nothing has changed that decides a score, so nothing was graded."


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
