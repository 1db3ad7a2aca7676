"""A file of decisions while it is read: its entries are checked, whatever they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from grader.courses.counting import tests_of_suite
from grader.courses.declared.strict import StrictFile
from grader.errors import UsageError
from grader.runs.deciding.entries import EXPECTED, Entry, faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.courses import Course
    from grader.courses.declared.strict import Place

__all__ = ["ENTRIES", "MOST_FAULTS", "EntriesFile", "Found", "Where", "listed", "twice"]

ENTRIES = "decisions"
MOST_FAULTS = 20


class Where(NamedTuple):
    """Where an entry stands: in which file, and as which of its entries, from 0."""

    file: EntriesFile
    number: int

    def about(self, words: str) -> str:
        """Return a sentence about the entry, with its line."""
        return str(self.file.error((ENTRIES, self.number), words))

    def seen_from(self, other: Where) -> str:
        """Return `line 4`, or `line 4 of decisions.csv` where another one is in another file."""
        line = f"line {self.file.line_of((ENTRIES, self.number))}"
        return line if self.file is other.file else f"{line} of {self.file.file.name}"


Found = tuple[Where, Entry]


class EntriesFile(StrictFile):
    """A file that holds entries."""

    def checked(
        self, tables: Iterable[Mapping[str, Any]], course: Course
    ) -> tuple[list[Found], list[UsageError]]:
        """Return the entries of some tables, and what can't be meant; of many faults the first."""
        entries: list[Found] = []
        wrong: list[UsageError] = []
        titles = _Titles()
        for number, each in enumerate(tables):
            if len(wrong) > MOST_FAULTS:
                break
            found = list(self._faults_of(each, number, course))
            wrong += found
            if not found:
                entry = titles.without(_named(each, course), course)
                entries.append((Where(self, number), entry))
        return entries, wrong

    def _faults_of(
        self, table: Mapping[str, Any], number: int, course: Course
    ) -> Iterator[UsageError]:
        place: Place = (ENTRIES, number)
        wrong = list(self._of_keys(table, place))
        yield from wrong
        if not wrong:
            try:
                entry = _named(table, course)
            except UsageError as error:
                yield self.error((*place, "exercise"), str(error))
                return
            for key, words in faults(entry, course):
                yield self.error((*place, key) if key in table else place, words)

    def _of_keys(self, table: Mapping[str, Any], place: Place) -> Iterator[UsageError]:
        for key, value in table.items():
            try:
                self.check({key: value}, Entry, place, EXPECTED, "the decision")
            except UsageError as error:
                yield error


class _Titles:
    """Says which test is meant where an entry has its sentence: a test may be named once only."""

    def __init__(self) -> None:
        self._tests: dict[str, Mapping[str, str]] = {}

    def without(self, entry: Entry, course: Course) -> Entry:
        """Return an entry with the name of its test, where one alone has the sentence."""
        exercise = course.known(entry.exercise)
        if not (entry.test and exercise and exercise.hidden_suite.is_file()):
            return entry
        if entry.exercise not in self._tests:
            self._tests[entry.exercise] = tests_of_suite(exercise.hidden_suite)
        tests = self._tests[entry.exercise]
        meant = [name for name, title in tests.items() if title == entry.test]
        return replace(entry, test=meant[0]) if len(meant) == 1 else entry


def twice(entries: Iterable[Found]) -> Iterator[UsageError]:
    """Refuse two entries that decide the same: nobody knows which of them counts."""
    seen: dict[tuple[object, ...], Where] = {}
    for where, entry in entries:
        for kind in entry.kinds:
            key = (entry.student, entry.exercise, entry.test, kind)
            before = seen.setdefault(key, where)
            if before != where:
                line = before.seen_from(where)
                words = f"{line} decides the same already ({kind.words})"
                yield UsageError(where.about(words))


def listed(found: Sequence[UsageError]) -> str:
    """Return some faults, one a line; of many the first."""
    lines = [str(each) for each in found[:MOST_FAULTS]]
    return "\n".join([*lines, *(["and more faults"] if len(found) > MOST_FAULTS else [])])


def _named(table: Mapping[str, Any], course: Course) -> Entry:
    """Return an entry with its exercise's full name.

    Raises:
        UsageError: there is no such exercise.
    """
    entry = msgspec.convert(table, Entry)
    if not entry.exercise:
        return entry
    return replace(entry, exercise=course.exercise_named(entry.exercise).name)
