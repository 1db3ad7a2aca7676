"""What to check in a book: who is not in it as one would think."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from grader.book.joining import namesakes
from grader.book.settings import FILE
from grader.exports.results import Standing
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.book.hand_ins import HandIn
    from grader.book.joining import Student
    from grader.book.settings import Settings

__all__ = ["remarks"]

NAMED = 5  # students in a sentence
BARE = re.compile(r"[A-Za-z0-9_-]+")


def remarks(
    hand_ins: Sequence[HandIn], students: Sequence[Student], settings: Settings
) -> Iterator[str]:
    """Say what may be wrong with a book, or is not as one would think."""
    yield from _twice(hand_ins)
    if unused := settings.unused([each.name for each in hand_ins]):
        yield f"Weights of hand-ins that are not here: {', '.join(unused)}."
    yield from _not_final(hand_ins, students)
    yield from _apart(hand_ins, students)
    yield from _namesakes(hand_ins, students)
    yield from _gone(hand_ins, students)


def _twice(hand_ins: Sequence[HandIn]) -> Iterator[str]:
    """Name the exercises that count in several hand-ins."""
    places: dict[str, list[str]] = defaultdict(list)
    for hand_in in hand_ins:
        for exercise in hand_in.exercises:
            places[exercise].append(hand_in.name)
    by_place: dict[str, list[str]] = defaultdict(list)
    for exercise, names in places.items():
        if len(names) > 1:
            by_place[", ".join(names)].append(exercise)
    for names_, exercises in by_place.items():
        yield f"The same exercises count in {names_}: {', '.join(exercises)}."


def _not_final(hand_ins: Sequence[HandIn], students: Sequence[Student]) -> Iterator[str]:
    """Name those whose score is not final, by hand-in and reason."""
    said = {
        Standing.FAULT: "not final, since the grader failed on part of the work",
        Standing.WAITING: "not final, since a person is still to grade a part",
        Standing.UNRECOGNISED: "0 points, since none of their files was recognised",
    }
    for place, hand_in in enumerate(hand_ins):
        for standing, words in said.items():
            whose = [each for each in students if _standing(each, place) is standing]
            if whose:
                yield f"{hand_in.name}: {plural(len(whose), 'score')} {words}: {_listed(whose)}."


def _standing(student: Student, place: int) -> Standing | None:
    entry = student.entries[place]
    return entry.standing if entry else None


def _apart(hand_ins: Sequence[HandIn], students: Sequence[Student]) -> Iterator[str]:
    """Name those who have an id in common and are kept apart, and say how to join them."""
    pairs = [(other, each) for each in students if (other := each.apart_from)]
    if not pairs:
        return
    first, second = pairs[0]
    who = "; ".join(f"{other.shown} and {each.shown}" for other, each in pairs[:NAMED])
    more = f"; and {len(pairs) - NAMED:,} more" if len(pairs) > NAMED else ""
    yield (
        f"Two students each, since their names differ, though their id is the same: {who}{more}. "
        f"If they are one student, {_say(hand_ins, first, second)}"
    )


def _namesakes(hand_ins: Sequence[HandIn], students: Sequence[Student]) -> Iterator[str]:
    """Say who may be one student, and how to say so."""
    groups = list(namesakes(students))
    if not groups:
        return
    who = ", ".join(each[0].name for each in groups[:NAMED])
    more = f" and {len(groups) - NAMED:,} more" if len(groups) > NAMED else ""
    yield (
        f"{plural(len(groups), 'name')} may be one student with several lines, since the hand-ins "
        f"have no id, address or login in common: {who}{more}. Grade these hand-ins again with "
        f"--roster, a list with addresses, or {_say(hand_ins, *groups[0][:2])}"
    )


def _say(hand_ins: Sequence[HandIn], first: Student, second: Student) -> str:
    """Say what to write down where two are one student."""
    place = next(place for place, each in enumerate(second.entries) if each)
    own, other = second.present[-1].id, json.dumps(first.present[0].id, ensure_ascii=False)
    table = f"[same.{_key(hand_ins[place].name)}]"
    return f"say so in {FILE}, under {table}: {_key(own)} = {other}"


def _key(name: str) -> str:
    """Return a name as a key of TOML."""
    return name if BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _gone(hand_ins: Sequence[HandIn], students: Sequence[Student]) -> Iterator[str]:
    """Name those who are not in the newest hand-in, and say what blanks mean."""
    if gone := [each for each in students if each.entries[-1] is None]:
        are, stay = ("is", "stays") if len(gone) == 1 else ("are", "stay")
        yield (
            f"{plural(len(gone), 'student')} {are} not in {hand_ins[-1].name}, the newest hand-in, "
            f"and {stay} here: {_listed(gone)}."
        )
    blanks = sum(None in each.entries for each in students)
    if blanks:
        have = "has" if blanks == 1 else "have"
        yield (
            f"{plural(blanks, 'student')} {have} a blank: they are not among the students of that "
            "hand-in, which counts neither for nor against them. With `grade --roster`, students "
            "of the class who handed in nothing have 0 instead."
        )


def _listed(students: Sequence[Student]) -> str:
    more = f" and {len(students) - NAMED:,} more" if len(students) > NAMED else ""
    return ", ".join(each.shown for each in students[:NAMED]) + more
