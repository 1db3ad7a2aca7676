"""Lists of students: the whole class in two orders, and those behind each number of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.attention import near_identical
from grader.reports.attention.mistake_explained import MistakeExplained, mistakes_explained
from grader.reports.attention.needs_help import needing_help, nothing_started
from grader.reports.attention.shared_answers import LISTED, shared_groups
from grader.reports.classes.class_findings import PEOPLE_NAMED
from grader.reports.classes.class_table import Table, table
from grader.reports.hand_in import Presence
from grader.reports.sheets import STEPS, cut, links_of, links_on, tenth
from grader.results.page_names import list_name
from grader.results.students import ROSTER
from grader.text.wording import number, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.reports.attention.near_identical import AlikeGroup
    from grader.reports.classes.class_record import ClassRecord, Standing
    from grader.reports.marks import Footer, Mark
    from grader.reports.sheets import SheetLink

__all__ = [
    "DECIDED",
    "HELP",
    "NOTED",
    "ROWS",
    "UNRECOGNISED",
    "Roll",
    "Sheet",
    "by_name",
    "by_score",
    "rolls",
    "section_list",
    "section_title",
    "sheet_links",
    "sheets",
    "step_of",
    "to_write_to",
]

ROWS = 200  # students on a page; with eleven exercises that is 300 KB
UNRECOGNISED, NOTED, DECIDED, HELP = "unrecognised", "noted", "decided", "help"


@dataclass(frozen=True)
class Roll:
    """Some students in some order.

    Attributes:
        name: what its pages are called: `by-score`, `mistake-sum-not-mean`.
        title: who they are.
        exercises: the columns beside the score.
        said_by_score: whether a page of it is known by its scores, and not by its names.
        mistake: what there is to say of the mistake that all of them made.
        is_alike: whether it is their code that is alike, which proves nothing.
    """

    name: str
    title: str
    standings: Sequence[Standing]
    exercises: Sequence[str]
    said_by_score: bool = False
    mistake: MistakeExplained | None = None
    is_alike: bool = False


@dataclass(frozen=True)
class Sheet:
    """One page of a list."""

    file: str
    hand_in: str
    title: str
    lead: str
    links: tuple[SheetLink, ...]
    mistake: MistakeExplained | None
    is_alike: bool
    table: Table
    footer: Footer


def step_of(standing: Standing) -> int:
    """Return the tenth that a score is in, from 0; full marks belong to the last."""
    return tenth(standing.score, standing.max_score)


def by_name(record: ClassRecord) -> Roll:
    """Return the whole class in the order of the names."""
    return Roll("by-name", "The class by name", record.by_name, tuple(record.exercises))


def by_score(record: ClassRecord) -> Roll:
    """Return the whole class, the lowest score first."""
    ranked = sorted(record.standings, key=lambda each: each.score)
    title = "The class by score, lowest first"
    return Roll("by-score", title, ranked, tuple(record.exercises), said_by_score=True)


def rolls(record: ClassRecord, alike: Sequence[AlikeGroup]) -> Iterator[Roll]:
    """Give every list that the class page links to; `alike` are its groups of alike code."""
    yield by_score(record)
    if len(record.standings) > ROWS:  # else they stand on the class page itself
        yield by_name(record)
    everything = tuple(record.exercises)
    for name, title, standings in to_write_to(record):
        yield Roll(name, title.capitalize(), standings, everything)
    for name, title, standings in (
        (UNRECOGNISED, "Files that were not recognised", record.unclaimed),
        (NOTED, "Notes on their files", record.noted),
        (DECIDED, "Decisions", record.decided),
        (HELP, "Who may need help", [each.standing for each in needing_help(record)]),
    ):
        if len(standings) > ROWS:  # else the class page itself says all of it
            yield Roll(name, title, standings, everything)
    for place, (section, standings) in enumerate(record.sections.items(), start=1):
        yield Roll(section_list(place), section_title(section), standings, everything)
    yield from _by_step(record, everything)
    yield from _by_verdict(record)
    yield from _by_mistake(record)
    for group in shared_groups(record)[:LISTED]:
        title = f"The same wrong answer: {group.first.title}"
        yield Roll(group.list_name, title, group.students, (group.first.exercise,))
    yield from _by_likeness(record.course, alike[: near_identical.LISTED])


def to_write_to(record: ClassRecord) -> Iterator[tuple[str, str, Sequence[Standing]]]:
    """Give the lists of those whom a teacher looks for first: name, what they did, and who."""
    nothing = record.without_work(Presence.NOTHING)
    on_roster = [each for each in nothing if each.record.reader == ROSTER]
    yield "missing", "on the roster, handed in nothing", on_roster
    others = [each for each in nothing if each.record.reader != ROSTER]
    yield "not-handed-in", "handed in nothing", others
    only_others = record.without_work(Presence.UNRECOGNISED)
    yield "only-unrecognised", "handed in only files that were not recognised", only_others
    elsewhere = record.without_work(Presence.ELSEWHERE)
    yield "other-exercises", "handed in nothing for these exercises", elsewhere
    yield "nothing-started", "handed in files with nothing started", nothing_started(record)
    yield "unreadable", "submitted unreadable files", record.unreadable
    yield "late", "handed in late", record.late


def section_list(number: int) -> str:
    """Return the name of a section's list; two sections may differ in nothing but case."""
    return f"section-{number}"


def section_title(section: str) -> str:
    """Return what a section is called, which may say already that it is one."""
    if not section:
        return "No section"
    return section if section.casefold().startswith("section") else f"Section {section}"


def sheets(roll: Roll, course: Course, footer: Footer, hand_in: str = "") -> Iterator[Sheet]:
    """Cut a list into pages, which say of which hand-in they are; one without students has none."""
    links = sheet_links(roll)
    for page, standings in enumerate(cut(roll.standings, ROWS)):
        yield Sheet(
            file=list_name(roll.name, page + 1),
            hand_in=hand_in,
            title=roll.title,
            lead=plural(len(roll.standings), "student"),
            links=links_on(links, page),
            mistake=None if page else roll.mistake,
            is_alike=roll.is_alike,
            table=table(standings, roll.exercises, course, up="../"),
            footer=footer,
        )


def sheet_links(roll: Roll, folder: str = "") -> tuple[SheetLink, ...]:
    """Return links to all pages of a list, each said by its first and last student."""
    pages = cut(roll.standings, ROWS)
    return links_of(
        roll.name, ((_label(roll, page[0]), _label(roll, page[-1])) for page in pages), folder
    )


def _label(roll: Roll, standing: Standing) -> str:
    return number(standing.score) if roll.said_by_score else standing.shown


def _by_step(record: ClassRecord, exercises: Sequence[str]) -> Iterator[Roll]:
    found: dict[int, list[Standing]] = {}
    for standing in record.final:
        found.setdefault(step_of(standing), []).append(standing)
    for step, standings in found.items():
        percent = 100 * step // STEPS
        title = f"{percent} to {percent + 100 // STEPS} % of the points"
        yield Roll(f"score-{percent}", title, standings, exercises)


def _by_verdict(record: ClassRecord) -> Iterator[Roll]:
    found: dict[tuple[str, Mark], list[Standing]] = {}
    for standing in record.standings:
        for part in standing.parts:
            found.setdefault((part.exercise, part.mark), []).append(standing)
    for (exercise, mark), standings in found.items():
        title = f"{record.course.title_of(exercise)}: {mark.words}"
        yield Roll(f"{exercise}-{mark.css}", title, standings, (exercise,))


def _by_mistake(record: ClassRecord) -> Iterator[Roll]:
    for slug, said in mistakes_explained(record):
        places = record.mistakes[slug]
        made = {each.student: each for standings in places.values() for each in standings}
        yield Roll(f"mistake-{slug}", slug, tuple(made.values()), tuple(places), mistake=said)


def _by_likeness(course: Course, alike: Sequence[AlikeGroup]) -> Iterator[Roll]:
    for group in alike:
        if len(group.students) > PEOPLE_NAMED:  # else the class page itself names them all
            title = f"{course.title_of(group.exercise)}: nearly identical code, to look at"
            columns = (group.exercise,)
            yield Roll(group.list_name, title, group.students, columns, is_alike=True)
