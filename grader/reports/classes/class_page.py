"""What the class page says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from statistics import fmean, median, pstdev
from typing import TYPE_CHECKING

from grader.files.output_folder import LISTS
from grader.reports.attention.near_identical import AlikeGroup, AlikeRow, near_identical
from grader.reports.attention.sections import SectionTable, quartiles, section_table
from grader.reports.attention.shared_answers import SharedAnswers, shared_answers
from grader.reports.attention.tests_first import FirstTests, first_tests
from grader.reports.changes.section import Changes, changes
from grader.reports.classes.class_decisions import ClassDecisions, class_decisions
from grader.reports.classes.class_findings import (
    ExerciseSummary,
    Fault,
    MistakeRow,
    People,
    Withheld,
    exercise_summary,
    faults,
    mistakes,
    people,
    withheld,
)
from grader.reports.classes.class_remarks import (
    Remarks,
    notes_on_files,
    unrecognised_files,
    who_needs_help,
)
from grader.reports.classes.class_table import Table, link, sought_by, table
from grader.reports.classes.rolls import (
    ROWS,
    by_name,
    by_score,
    sheet_links,
    step_of,
    to_write_to,
)
from grader.reports.marks import Footer, footer
from grader.reports.ranking import Ranked
from grader.reports.script import Entry, class_index
from grader.reports.sheets import STEPS, SheetLink, list_href
from grader.results.verdicts import Verdict
from grader.text.wording import moment, number, percentage, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from markupsafe import Markup

    from grader.reports.classes.class_record import ClassRecord, Standing
    from grader.runs.grading_run import GradingRun

__all__ = [
    "ClassPage",
    "Figure",
    "Group",
    "Step",
    "about_discrimination",
    "class_page",
    "figures",
    "groups",
    "ranked_mistakes",
    "spread",
]

MISTAKES_OPEN = 10  # what is talked about in class; whoever wants the others unfolds them


@dataclass(frozen=True)
class Figure:
    """One number about the class, and what it is a number of."""

    value: str
    of: str
    label: str


@dataclass(frozen=True)
class Step:
    """One column of the spread: how many students are in one tenth of the scores."""

    label: str
    words: str
    count: str
    height: str
    href: str


@dataclass(frozen=True)
class Group:
    """Students whom a teacher looks for first: how many, why, and who."""

    title: str
    size: int
    count: str
    people: People


@dataclass(frozen=True)
class ClassPage:
    """The whole class page.

    Attributes:
        changes: since the run before; None for the first one.
        table: everybody, where a page holds them.
        everybody: who is on those pages, as data that a search reads, once; else empty.
        by_name: links to the pages that hold everybody, where one page does not.
        by_score: links to the same, the lowest score first.
    """

    edition: str
    title: str
    graded: str
    figures: tuple[Figure, ...]
    set_aside: str
    spread: tuple[Step, ...]
    faults: tuple[Fault, ...]
    withheld: tuple[Withheld, ...]
    notes: tuple[str, ...]
    stopped: str
    ungraded: tuple[str, ...]
    changes: Changes | None
    groups: tuple[Group, ...]
    needing_help: Remarks
    first_tests: FirstTests
    decisions: ClassDecisions
    unrecognised: Remarks
    file_notes: Remarks
    alike: Ranked[AlikeRow]
    mistakes: Ranked[MistakeRow]
    shared: SharedAnswers
    exercises: tuple[ExerciseSummary, ...]
    discrimination: str
    sections: SectionTable
    table: Table | None
    everybody: Iterable[Markup]
    by_name: tuple[SheetLink, ...]
    by_score: tuple[SheetLink, ...]
    footer: Footer


def class_page(
    record: ClassRecord, run: GradingRun, edition: str, alike: Sequence[AlikeGroup], output: Path
) -> ClassPage:
    """Return what the class page says about a run, finished or stopped.

    Args:
        record: the class.
        run: the run.
        edition: a hash of all that it is made from.
        alike: the groups of nearly identical code.
        output: the folder of the reports.
    """
    fits = len(record.standings) <= ROWS
    tallies = record.exercises.values()
    return ClassPage(
        edition=edition,
        title=run.title or "The class",
        graded=moment(run.graded_at) if run.graded_at else "",
        figures=figures(record, stopped=bool(run.ungraded)),
        set_aside=_set_aside(record),
        spread=spread(record),
        faults=faults(record),
        withheld=withheld(record),
        notes=run.notes,
        stopped=_stopped(record, run),
        ungraded=tuple(_ungraded(run)),
        changes=_changes(record, run),
        groups=groups(record),
        needing_help=who_needs_help(record),
        first_tests=first_tests(record),
        decisions=class_decisions(record),
        unrecognised=unrecognised_files(record),
        file_notes=notes_on_files(record),
        alike=near_identical(record, alike),
        mistakes=ranked_mistakes(mistakes(record)),
        shared=shared_answers(record, run, output),
        exercises=tuple(exercise_summary(each, run.course) for each in tallies),
        discrimination=about_discrimination(record),
        sections=section_table(record),
        table=table(record.by_name, tuple(record.exercises), run.course) if fits else None,
        everybody=() if fits else class_index(_everybody(record)),
        by_name=() if fits else sheet_links(by_name(record), f"{LISTS}/"),
        by_score=sheet_links(by_score(record), f"{LISTS}/"),
        footer=footer(run),
    )


def _everybody(record: ClassRecord) -> Iterator[Entry]:
    for each in record.by_name:
        who = each.record
        about = " ".join(filter(None, (who.section, who.group)))
        points = f"{number(each.score)} of {number(each.max_score)}"
        page = PurePosixPath(each.page).stem
        yield Entry(who.name, who.id, about, points, page, sought_by(who))


def _changes(record: ClassRecord, run: GradingRun) -> Changes | None:
    """Return what changed since the run before; nothing where there was none."""
    if run.changes is None:
        return None
    return changes(run.changes, {each.student: each.page for each in record.standings})


def figures(record: ClassRecord, *, stopped: bool = False) -> tuple[Figure, ...]:
    """Return how many students there are, and the middle of the scores that are final."""
    scores = [standing.comparable for standing in record.final]
    of = number(max((standing.max_score for standing in record.standings), default=0.0))
    graded = len(record.standings)
    label = "student" if graded == 1 else "students"
    found = [Figure(f"{graded:,}", "", f"{label} graded" if stopped else label)]
    if scores:
        found.append(Figure(number(fmean(scores)), of, "mean score"))
        found.append(Figure(number(median(scores)), of, "median score"))
    if middle := quartiles(scores):
        found.append(Figure(middle, of, "the middle half (quartiles)"))
        found.append(Figure(number(pstdev(scores)), "", "standard deviation"))
    return tuple(found)


def _set_aside(record: ClassRecord) -> str:
    """Say what the figures leave out."""
    faulty = sum(each.faulty for each in record.standings)
    excused = len(record.standings) - len(record.final) - faulty
    said = [
        f"{plural(count, 'student')} {why}"
        for count, why in ((faulty, "with a grader fault"), (excused, "excused by decision"))
        if count
    ]
    return f"The mean, the median and the spread leave out {' and '.join(said)}." if said else ""


def spread(record: ClassRecord) -> tuple[Step, ...]:
    """Count the students in each tenth of their maximum."""
    counts = Counter(map(step_of, record.final))
    tallest = max(counts.values(), default=0)
    return tuple(_step(step, counts[step], tallest) for step in range(STEPS))


def _step(step: int, count: int, tallest: int) -> Step:
    percent = 100 * step // STEPS
    return Step(
        label=str(percent),
        words=f"{percent} to {percent + 100 // STEPS} %",
        count=f"{count:,}",
        height=percentage(count, tallest),
        href=list_href(f"score-{percent}") if count else "",
    )


def ranked_mistakes(found: Iterable[MistakeRow]) -> Ranked[MistakeRow]:
    """Fold all but the first mistakes."""
    rows = tuple(found)
    folded = rows[MISTAKES_OPEN:]
    most = plural(folded[0].students, "student") if folded else ""
    summary = f"{plural(len(folded), 'mistake')} that fewer made, {most} at most"
    return Ranked(rows[:MISTAKES_OPEN], folded, summary)


def groups(record: ClassRecord) -> tuple[Group, ...]:
    """Return whom a teacher looks for first: who handed in nothing, what can't be read, or late."""
    return tuple(
        Group(title, len(whose), f"{len(whose):,}", _people(record, whose, list_href(name)))
        for name, title, whose in to_write_to(record)
        if whose
    )


def _people(record: ClassRecord, whose: Sequence[Standing], href: str) -> People:
    return people((link(each, record.called(each), _unread(each)) for each in whose), href)


def _unread(standing: Standing) -> str:
    """Return the first exercise that could not be read, or nothing where all could."""
    unread = (part.exercise for part in standing.parts if part.verdict is Verdict.UNREADABLE)
    return next(unread, "")


def _ungraded(run: GradingRun) -> Iterator[str]:
    """Give the students who are not graded yet, as people read them."""
    records = {record.id: record for record in run.records}
    for student in run.ungraded:
        yield records[student].told_apart


def about_discrimination(record: ClassRecord) -> str:
    """Say how far the discrimination of a test can be trusted in a class of this size."""
    tests = [test for tally in record.exercises.values() for test in tally.tests.values()]
    known = [test for test in tests if test.discrimination is not None]
    if not known:
        return ""
    margin = max(test.margin for test in known)
    return f"In a class of this size it may be off by {margin:.1g} by chance."


def _stopped(record: ClassRecord, run: GradingRun) -> str:
    if not run.ungraded:
        return ""
    graded, total = len(record.standings), len(record.standings) + len(run.ungraded)
    how_far = f"Stopped before the end: {graded:,} of {total:,} are graded"
    return f"{how_far}; run the same command again to go on."
