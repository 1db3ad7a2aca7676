"""Hand-ins whose code is nearly the same where others' is not: for their instructor to look at.

What is the same says nothing of who had it from whom, of whether they worked together, or of
whether they were allowed to. The page does not either, and no other file has anything of it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from grader.reports.attention.own_code import FEWEST
from grader.reports.classes.class_table import Link, link
from grader.reports.ranking import Ranked
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.reports.attention.own_code import OwnCode
    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = ["AlikeRow", "near_identical"]

SHARED = 0.8  # of what the one who wrote more wrote alone; two works of the course have a third
RARE = 8  # different hand-ins with the same lines: what more have says nothing of any of them
FEW, PART = 4, 0.25  # students of a small class, and of a large one, who may have a line
SHOWN, LISTED, NAMED = 10, 100, 12  # groups, and students of each


@dataclass(frozen=True)
class AlikeRow:
    """Students whose code for one exercise is alike; `more` says how many are not named."""

    exercise: str
    students: tuple[Link, ...]
    more: str
    how_much: str


@dataclass(frozen=True)
class _Group:
    exercise: str
    students: tuple[Standing, ...]
    fingerprints: int
    share: float


@dataclass(frozen=True)
class _Rare:
    """How many fingerprints of some code few have, and those of them that others have, too."""

    count: int
    shared: Sequence[int]


def near_identical(record: ClassRecord) -> Ranked[AlikeRow]:
    """Return whose code is nearly the same, those who share most first.

    Teams who handed in together are not among them.
    """
    groups = [each for name in record.exercises for each in _groups(record.own_code, name)]
    apart = [each for each in groups if _are_apart(each.students)]
    ranked = sorted(apart, key=lambda each: (-each.fingerprints, each.students[0].student))
    rows = tuple(_row(record, each) for each in ranked[:LISTED])
    summary = plural(len(ranked[SHOWN:]), "more group")
    return Ranked(rows[:SHOWN], rows[SHOWN:], summary, len(ranked[LISTED:]))


def _are_apart(students: Sequence[Standing]) -> bool:
    return len({each.record.group or each.student for each in students}) > 1


def _row(record: ClassRecord, group: _Group) -> AlikeRow:
    named = group.students[:NAMED]
    more = len(group.students) - NAMED
    part = "all" if group.share == 1 else f"{int(100 * group.share)}\N{NO-BREAK SPACE}%"
    how = f"{part} of what is compared is the same"
    return AlikeRow(
        group.exercise,
        tuple(link(each, record.called(each), group.exercise) for each in named),
        f"and {more:,} more" if more > 0 else "",
        how,
    )


def _groups(code: OwnCode[Standing], exercise: str) -> Iterator[_Group]:
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
        yield _Group(exercise, tuple(whose), most, share)


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
