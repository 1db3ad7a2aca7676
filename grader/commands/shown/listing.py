"""The runs of an output folder, a line for each, and how large their store is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import InfrastructureError
from grader.reports.changes.runs_in_words import called_run, different
from grader.runs.history.comparing import RunDiff
from grader.runs.history.kept_runs import KeptRuns
from grader.text.wording import number, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.runs.database import Database
    from grader.runs.history.kept_runs import RunRecord

__all__ = ["listed"]

MB = 2**20


def listed(database: Database) -> Iterator[str]:
    """Give the lines, the newest run last."""
    runs = KeptRuns(database)
    known: dict[int, RunRecord] = {}
    written = runs.written()
    for each in runs.numbers():
        try:
            run = runs.run(each)
        except InfrastructureError as error:
            yield f"Run {each}: {error}."
        else:
            last = known.get(max(known, default=0))
            is_elsewhere = last is None or run.source != last.source
            yield from _lines(run, known.get(run.since) or last, is_elsewhere=is_elsewhere)
            if written is not None and each > written:
                yield "    its reports were not written; the next `grade` writes those of the class"
            known[each] = run
    if not runs.numbers():
        yield "No run is kept yet: the next `grade` keeps one."
    yield _size(database)


def _lines(run: RunRecord, before: RunRecord | None, *, is_elsewhere: bool) -> Iterator[str]:
    """Say what a run graded, where from unless that is as in the last one, and what changed."""
    exercises = ", ".join(run.circumstances.exercises)
    name = called_run(run)
    yield f"{name[0].upper()}{name[1:]}: {plural(len(run.students), 'student')}, {exercises}"
    if run.source and is_elsewhere:
        yield f"    from {run.source}"
    if before is not None:
        diff = RunDiff(
            before,
            run,
            handed_in_anew=run.handed_in_anew,
            files_gone=run.files_gone,
            decided_anew=run.decided,
            by_hand=run.by_hand,
            late=run.late,
        )
        held = f"; {plural(run.held, 'result')} held back" if run.held else ""
        lost, gained = (f"{each:,}" if each else "none" for each in (run.lost, run.gained))
        yield f"    {lost} lost points, {gained} gained{held}"
        yield from (f"    {line}" for line in filter(None, [different(diff)]))


def _size(database: Database) -> str:
    size, free = database.size()
    left = f", {number(free / MB)} MB of it free for the next run" if free > MB / 10 else ""
    count = plural(len(database.keys("results")), "result")
    return f"The store takes {number(size / MB)} MB{left}; it has {count}."
