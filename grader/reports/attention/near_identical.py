"""Hand-ins whose code is nearly the same where others' is not: for their instructor to look at.

What is the same says nothing of who had it from whom, of whether they worked together, or of
whether they were allowed to. The page does not either, nor the list of a group too large for it; no
other file has anything of it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from grader.reports.attention.own_code import FEWEST
from grader.reports.classes.class_findings import People, people
from grader.reports.classes.class_table import link
from grader.reports.ranking import Ranked
from grader.reports.sheets import list_href
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.reports.attention.own_code import OwnCode
    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = ["LISTED", "AlikeGroup", "AlikeRow", "alike_groups", "near_identical"]

SHARED = 0.8  # of what the one who wrote more wrote alone; two works of the course have a third
RARE = 8  # different hand-ins with the same lines: what more have says nothing of any of them
FEW, PART = 4, 0.25  # students of a small class, and of a large one, who may have a line
SHOWN, LISTED = 10, 100  # groups


@dataclass(frozen=True)
class AlikeRow:
    """Students whose code for one exercise is alike."""

    exercise: str
    people: People
    how_much: str


@dataclass(frozen=True)
class AlikeGroup:
    """Students whose code for one exercise is alike.

    Attributes:
        fingerprints: how many are compared, of the one who has most.
        share: the least that two of them share of those, from 0 to 1.
        place: where it stands among all, from 1.
    """

    exercise: str
    students: tuple[Standing, ...]
    fingerprints: int
    share: float
    place: int = 0

    @property
    def list_name(self) -> str:
        """What the list of them is called."""
        return f"alike-{self.place}"


@dataclass(frozen=True)
class _Rare:
    """How many fingerprints of some code few have, and those of them that others have, too."""

    count: int
    shared: Sequence[int]


def alike_groups(record: ClassRecord) -> list[AlikeGroup]:
    """Return whose code is nearly the same, those who share most first.

    Teams who handed in together are not among them.
    """
    groups = [each for name in record.exercises for each in _groups(record.own_code, name)]
    apart = [each for each in groups if _are_apart(each.students)]
    ranked = sorted(apart, key=lambda each: (-each.fingerprints, each.students[0].student))
    return [replace(each, place=place) for place, each in enumerate(ranked, start=1)]


def near_identical(record: ClassRecord, groups: Sequence[AlikeGroup]) -> Ranked[AlikeRow]:
    """Return what the class page says of these groups."""
    rows = tuple(_row(record, each) for each in groups[:LISTED])
    summary = plural(len(groups[SHOWN:]), "more group")
    return Ranked(rows[:SHOWN], rows[SHOWN:], summary, len(groups[LISTED:]))


def _are_apart(students: Sequence[Standing]) -> bool:
    return len({each.record.group or each.student for each in students}) > 1


def _row(record: ClassRecord, group: AlikeGroup) -> AlikeRow:
    links = (link(each, record.called(each), group.exercise) for each in group.students)
    part = "all" if group.share == 1 else f"{int(100 * group.share)}\N{NO-BREAK SPACE}%"
    return AlikeRow(
        group.exercise,
        people(links, list_href(group.list_name)),
        f"{part} of what is compared is the same",
    )


def _groups(code: OwnCode[Standing], exercise: str) -> Iterator[AlikeGroup]:
    """Give the groups of an exercise: who is alike with one of a group belongs to it."""
    written = code.written.get(exercise, {})
    students = list(written.values())
    rare = list(_rare(list(map(code.read, written)), students, code.handed_in[exercise]))
    alike = {
        pair: shared / most
        for pair, shared in _shared(rare).items()
        if shared >= FEWEST and shared >= SHARED * (most := max(rare[at].count for at in pair))
    }
    alike |= {
        (at, at): 1.0
        for at, whose in enumerate(students)
        if len(whose) > 1 and rare[at].count >= FEWEST
    }
    for places, share in _joined(alike):
        whose = [each for at in sorted(places) for each in students[at]]
        most = max(rare[at].count for at in places)
        yield AlikeGroup(exercise, tuple(whose), most, share)


def _rare(
    written: Sequence[array[int]], students: Sequence[Sequence[Standing]], handed_in: int
) -> Iterator[_Rare]:
    """Give what few have, of each who wrote otherwise than all others."""
    few = max(FEW, PART * handed_in)
    texts = _counts(written)
    more = Counter[int]()
    for found, whose in zip(written, students, strict=True):
        more.update(dict.fromkeys(found if len(whose) > 1 else (), len(whose) - 1))
    for found in written:
        counted = [(each, texts.get(each, 1)) for each in found]
        rare = [(each, n) for each, n in counted if n <= RARE and n + more[each] <= few]
        yield _Rare(len(rare), [each for each, n in rare if n > 1])


def _counts(written: Sequence[array[int]]) -> dict[int, int]:
    """Count the fingerprints that several have; most are one student's alone."""
    every = array("Q")
    for found in written:
        every.extend(found)
    counted = ((each, sum(1 for _ in same)) for each, same in groupby(sorted(every)))
    return {each: count for each, count in counted if count > 1}


def _shared(rare: Sequence[_Rare]) -> Counter[tuple[int, int]]:
    """Count what each two share, of those who share anything."""
    having: dict[int, list[int]] = defaultdict(list)
    for at, found in enumerate(rare):
        for each in found.shared:
            having[each].append(at)
    pairs = Counter[tuple[int, int]]()
    for places in having.values():
        pairs.update(combinations(places, 2))
    return pairs


def _joined(alike: dict[tuple[int, int], float]) -> Iterator[tuple[set[int], float]]:
    """Join pairs that have somebody in common; give those of each, and the least that two share."""
    group: dict[int, set[int]] = {}
    for one, other in alike:
        both = group.get(one, {one}) | group.get(other, {other})
        group |= dict.fromkeys(both, both)
    seen = {id(places): places for places in group.values()}
    least: dict[int, float] = defaultdict(lambda: 1.0)
    for (one, _), share in alike.items():
        least[id(group[one])] = min(least[id(group[one])], share)
    for key, places in seen.items():
        yield places, least[key]
