"""Mistakes that a student made again later, in another exercise of another hand-in."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.book.joining import Student

__all__ = ["Place", "Recurring", "Repeat", "recurring_mistakes"]


class Place(NamedTuple):
    """An exercise of a hand-in, which is given by its place."""

    hand_in: int
    exercise: str


class Repeat(NamedTuple):
    """A student who made a mistake again: where it was first, and where again last."""

    student: Student
    first: Place
    again: Place


@dataclass
class Recurring:
    """One mistake over the term.

    Attributes:
        made: how many students made it at all.
        repeats: who made it again.
    """

    slug: str
    made: int = 0
    repeats: list[Repeat] = field(default_factory=list)

    @property
    def ways(self) -> Counter[tuple[Place, Place]]:
        """Where it was first and where again, and how often."""
        return Counter((each.first, each.again) for each in self.repeats)


def recurring_mistakes(students: Iterable[Student]) -> Sequence[Recurring]:
    """Return the mistakes that were made again, those of most students first."""
    found: dict[str, Recurring] = {}
    for student in students:
        for slug, places in _made(student).items():
            mistake = found.setdefault(slug, Recurring(slug))
            mistake.made += 1
            later = [each for each in places if _is_repeat(places[0], each)]
            if later:
                mistake.repeats.append(Repeat(student, places[0], later[-1]))
    repeated = [each for each in found.values() if each.repeats]
    return sorted(repeated, key=lambda each: (-len(each.repeats), each.slug))


def _is_repeat(first: Place, later: Place) -> bool:
    return later.hand_in > first.hand_in and later.exercise != first.exercise


def _made(student: Student) -> dict[str, list[Place]]:
    """Return where a student made each mistake, in the order of the hand-ins."""
    places: dict[str, list[Place]] = defaultdict(list)
    for number, entry in enumerate(student.entries):
        for made in entry.mistakes if entry else ():
            places[made.slug].append(Place(number, made.exercise))
    return places
