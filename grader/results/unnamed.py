"""Wrong answers without a name that several students share, found by their fingerprints.

They are where a course can learn a mistake that its suites do not know yet. That an answer is
shared says that the same was computed, not that code was.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

__all__ = ["WELL_FORMED", "SharedAnswer", "UnnamedAnswers"]

WELL_FORMED = re.compile(r"[0-9a-f]{16}")  # of a file that people may have edited
Who = TypeVar("Who")


class _Test(Protocol):
    """A test of a run, or as `results.json` has it."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def fingerprint(self) -> object: ...


class _Exercise(Protocol):
    """An exercise likewise."""

    @property
    def exercise(self) -> str: ...
    @property
    def tests(self) -> Sequence[_Test]: ...


@dataclass(frozen=True)
class SharedAnswer(Generic[Who]):
    """One wrong answer without a name, and who gave it, in the order in which they came.

    Attributes:
        test: the name of the test, and `title` its sentence.
        fingerprint: 16 hexadecimal digits.
    """

    exercise: str
    test: str
    title: str
    fingerprint: str
    students: tuple[Who, ...]


@dataclass(slots=True)
class _Seen:
    """What was seen of one test: fingerprints as numbers, and whose; 12 bytes for each answer."""

    title: str
    known_by: array[int] = field(default_factory=lambda: array("Q"))
    whose: array[int] = field(default_factory=lambda: array("I"))


class UnnamedAnswers(Generic[Who]):
    """The wrong answers without a name of a class, while its results pass by once."""

    def __init__(self) -> None:
        self._students: list[Who] = []
        self._seen: dict[tuple[str, str], _Seen] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._seen)

    def add(
        self,
        student: Who,
        exercises: Iterable[_Exercise],
        but: Container[tuple[str, str]] = frozenset(),
    ) -> None:
        """Take in what a student has.

        Args:
            student: whatever stands for one afterwards.
            exercises: the results.
            but: exercise and name of the tests that are passed over.
        """
        place = len(self._students)
        self._students.append(student)
        for exercise in exercises:
            for test in exercise.tests:
                known_by, key = test.fingerprint, (exercise.exercise, test.name)
                if key in but or not isinstance(known_by, str):
                    continue
                if WELL_FORMED.fullmatch(known_by):
                    seen = self._seen.setdefault(key, _Seen(test.title or test.name))
                    seen.known_by.append(int(known_by, 16))
                    seen.whose.append(place)

    def shared(self, fewest: int) -> list[SharedAnswer[Who]]:
        """Return the answers that so many students share or more, the most shared first."""
        return sorted(self._shared(fewest), key=lambda each: -len(each.students))

    def _shared(self, fewest: int) -> Iterator[SharedAnswer[Who]]:
        for (exercise, test), seen in self._seen.items():
            counts = Counter(seen.known_by)
            groups = {each: list[Who]() for each, count in counts.items() if count >= fewest}
            for known_by, place in zip(seen.known_by, seen.whose, strict=True):
                if known_by in groups:
                    groups[known_by].append(self._students[place])
            for known_by, students in groups.items():
                name = f"{known_by:016x}"
                yield SharedAnswer(exercise, test, seen.title, name, tuple(students))
