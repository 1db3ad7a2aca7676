"""Two runs in words: who lost and gained, what is different about them, and what else there is."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING

from grader.courses.limits import LIMITS
from grader.reports.changes.wording import ARROW, some
from grader.results.changes import Cause
from grader.text.wording import moment, number, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.changes import Change
    from grader.runs.history.comparing import RunDiff
    from grader.runs.history.kept_runs import RunRecord

__all__ = ["about", "called_run", "different", "lead", "lead_between", "notes", "why"]

MOST_NAMED = 3  # exercises
WHOLE = "whole hand-in"
WITHOUT = "handed in a file that is no longer there"
GONE = (
    "An exercise without a file has 0 points. If the folder is not whole, put the files back and "
    "grade again: the earlier results are kept."
)


def called_run(run: RunRecord) -> str:
    """Return `run 6 (2026-11-27 23:58 UTC+01:00)`."""
    return f"run {run.number}" + (f" ({moment(run.at)})" if run.at else "")


def lead(diff: RunDiff) -> str:
    """Say in a sentence who lost and gained points since when."""
    return f"Since {called_run(diff.before)}: {_who(diff)}."


def lead_between(diff: RunDiff) -> str:
    """Say the same of any two runs, whichever was first."""
    return f"From {called_run(diff.before)} to {called_run(diff.after)}: {_who(diff)}."


def _who(diff: RunDiff) -> str:
    of = plural(diff.compared, "student")
    if not (diff.lost or diff.gained):
        return f"none of {of} lost or gained points"
    lost, gained = (f"{each:,}" if each else "none" for each in (diff.lost, diff.gained))
    return f"{lost} of {of} lost points, {gained} gained"


def different(diff: RunDiff) -> str:
    """Return `Different: changed tests (hw3); 3 new hand-ins.`; nothing where nothing is."""
    parts = list(_parts(diff))
    return f"Different: {'; '.join(parts)}." if parts else ""


def why(change: Change) -> str:
    """Return all causes of a change."""
    return ", ".join(each.value for each in change.causes)


def about(change: Change) -> str:
    """Return the exercise that a change is in."""
    return change.exercise or WHOLE


def notes(diff: RunDiff) -> Iterator[str]:
    """Give sentences about files that are gone, what is not compared, and what gave no points."""
    if diff.without:
        yield f"{plural(len(diff.without), 'student')} {WITHOUT}: {some(diff.without)}. {GONE}"
    if diff.new:
        yield f"{plural(len(diff.new), 'student')} new in the class: {some(diff.new)}."
    if diff.gone:
        yield f"{plural(len(diff.gone), 'student')} no longer in the class: {some(diff.gone)}."
    if diff.instead:
        runs = {run.number: run for run in diff.instead.values()}
        for number_, run in runs.items():
            names = [name for name, each in diff.instead.items() if each.number == number_]
            yield f"Compared with {called_run(run)}, the last that has it: {_names(names)}."
    if diff.left_out:
        yield f"Not compared, as only one of the runs has it: {_names(diff.left_out)}."
    if diff.failed:
        who = some({each.student.id: each.student for each in diff.failed}.values())
        yield f"Not compared, as the grader failed then or now: {who}."
    if diff.unread:
        who = plural(len(diff.unread), "student")
        yield f"Not compared, as what was kept is damaged: the results of {who}."
    kinds = Counter(map(_kind, diff.others))
    yield from (f"{kind}: {plural(count, 'result')}." for kind, count in kinds.most_common())


def _kind(change: Change) -> str:
    """Say what differs where as many points were gained as lost."""
    if change.before and change.after and change.before.of != change.after.of:
        return "The same share of the points, of another maximum"
    if sum(each.gain for each in change.tests):
        return "The same points by decision, though tests came out otherwise"
    if any(each.gain for each in change.tests):
        return "The same points by other tests"
    if not any(each.is_another_outcome for each in change.tests):
        return "The same points, with another mistake"
    return "The same points, with another outcome of a test, such as crashed instead of wrong"


def _parts(diff: RunDiff) -> Iterator[str]:
    if diff.after.restored:
        yield f"the results of run {diff.after.restored} again"
    if diff.handed_in_anew:
        yield plural(diff.handed_in_anew, "new hand-in")
    if diff.files_gone:
        yield f"{plural(diff.files_gone, 'file')} no longer there"
    if diff.decided_anew:
        yield f"new decisions ({plural(diff.decided_anew, 'student')})"
    if diff.by_hand:
        yield f"{Cause.BY_HAND.value} ({plural(diff.by_hand, 'student')})"
    if diff.late:
        yield f"{Cause.DEDUCTION.value} ({plural(diff.late, 'student')})"
    yield from _circumstances(diff.before, diff.after)


def _circumstances(before: RunRecord, after: RunRecord) -> Iterator[str]:
    """Say what is different about how two runs graded."""
    if names := _other(before, after, "tests"):
        yield f"{Cause.SUITE.value} ({_names(names)})"
    if limits := list(_limits(before, after)):
        yield f"{Cause.LIMIT.value} ({', '.join(limits)})"
    elif names := _other(before, after, "limits"):
        yield f"{Cause.LIMIT.value} ({_names(names)})"
    if versions := list(_versions(before, after)):
        yield f"{Cause.SOFTWARE.value} ({', '.join(versions)})"
    elif _other(before, after, "software"):
        yield f"{Cause.SOFTWARE.value} (the grader or an installed package)"
    for what in ("device", "sandbox"):
        then, now = (getattr(each.circumstances, what) for each in (before, after))
        if then != now:
            yield f"{what} {then} {ARROW} {now}"


def _other(before: RunRecord, after: RunRecord, what: str) -> list[str]:
    """Return the exercises of both runs of which something is another now."""
    both = [name for name in after.under if name in before.under]
    of = attrgetter(what)
    return [name for name in both if of(before.under[name]) != of(after.under[name])]


def _limits(before: RunRecord, after: RunRecord) -> Iterator[str]:
    for name, limit in LIMITS.items():
        of = attrgetter(limit.field)
        then, now = (of(each.circumstances.limits) for each in (before, after))
        if then != now:
            yield f"{name} {number(then)} {ARROW} {number(now)}"


def _versions(before: RunRecord, after: RunRecord) -> Iterator[str]:
    for name, now in after.versions.items():
        then = before.versions.get(name, now)
        if then != now:
            yield f"{name} {then} {ARROW} {now}"


def _names(exercises: Sequence[str]) -> str:
    few = len(exercises) <= MOST_NAMED
    return printable(", ".join(exercises)) if few else plural(len(exercises), "exercise")
