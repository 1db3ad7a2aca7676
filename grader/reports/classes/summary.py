"""The end of a run in the terminal: what the class page says on top, from the same record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.changes.changes_file import CHANGES
from grader.reports.changes.printed import told
from grader.reports.classes.class_decisions import how_many
from grader.reports.classes.class_findings import mistakes
from grader.reports.classes.class_page import figures, groups
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.reports.classes.class_record import ClassRecord
    from grader.reports.writing import Written
    from grader.runs.grading_run import GradingRun

__all__ = ["summary_lines"]

NAMED = 5  # the class page names the others
MISTAKES_NAMED = 3
WEAKER = {
    "none": "Submissions ran without a sandbox: their scores could have been forged.",
    "landlock": "Submissions ran in the landlock sandbox, which is weaker than bubblewrap's; "
    "SECURITY.md lists what it doesn't promise.",
}


def summary_lines(written: Written, run: GradingRun, output: Path) -> Iterator[str]:
    """Say how the class did, what is not in order, and where the reports are."""
    record = written.record
    yield from _how_it_went(record)
    if run.sandbox in WEAKER:
        yield WEAKER[run.sandbox]
    yield from map(printable, run.notes)
    if decided := how_many(record):
        yield f"By decision and late: {decided}"
    if run.changes:
        yield from told(run.changes, str(output / CHANGES))
    if run.ungraded:
        yield (
            f"Stopped before the end: {len(run.ungraded):,} not graded. "
            "Run the same command again to go on; what is graded is kept."
        )
    if record.faults:
        met = {each.student: each for where in record.faults.values() for _, each in where}
        who = _some(tuple(map(record.called, met.values())), len(met))
        yield f"The grader itself failed for {who}: not all of their points were judged."
    for what, whose in record.withheld.items():
        who = _some(tuple(map(record.called, whose)), len(whose))
        yield f"Withheld, since it would show {what}: the page of {who}."
    for kept in written.kept_aside:
        place = kept.with_suffix("")
        yield f"{place} is not as the grader wrote it: your version is kept as {kept.name}."
    graded = plural(len(record.standings), "submission")
    how = ": nothing new to grade" if run.nothing_new else " graded"
    yield f"{graded}{how}. Open {output / 'index.html'}"


def _how_it_went(record: ClassRecord) -> Iterator[str]:
    """Give the figures, the groups and the first mistakes of the class page."""
    said = [f"{each.label} {each.value} of {each.of}" for each in figures(record) if each.of]
    if said:
        yield f"{', '.join(said).capitalize()}."
    for group in groups(record):
        names = [link.text for link in group.people.named]
        yield f"{group.count} {group.title}: {_some(names, group.size)}."
    if whose := record.unclaimed:
        files = [
            f"{name} of {record.called(each)}" for each in whose for name in each.record.unclaimed
        ]
        verb = "was" if len(files) == 1 else "were"
        yield f"{plural(len(files), 'file')} {verb} not recognised: {_some(files, len(files))}."
    made = [f"{each.slug} ({each.count})" for each in mistakes(record)[:MISTAKES_NAMED]]
    if made:
        yield f"Made most: {', '.join(made)}."


def _some(names: Sequence[str], size: int) -> str:
    """Name some of many, and say how many more there are."""
    shown = ", ".join(map(printable, names[:NAMED]))
    return shown if size <= NAMED else f"{shown} and {size - NAMED:,} more"
