"""`decisions.toml` beside the reports of a class: what people decided, which every regrade keeps.

    [late]
    due = 2026-11-27T23:59:00+01:00
    per_day = "10%"

    [[decisions]]
    student = "4401"
    exercise = "hw3"
    test = "test_rows_add_up"
    points = 2
    reason = "The test was too strict."

Nothing of a file counts before all of it can be read: whatever can't be meant is said at once, with
its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from grader.courses.counting import tests_of_suite
from grader.courses.declared.late_table import LATE, faults_of_late, late_policy
from grader.courses.declared.strict import StrictFile, meant, read_text
from grader.courses.late_work import LatePolicy, read_time
from grader.errors import UsageError
from grader.runs.deciding.entries import EXPECTED, Entry, faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from grader.courses import Course
    from grader.courses.declared.strict import Place

__all__ = ["Decided", "parse_decisions", "read_decisions"]

ENTRIES = "decisions"
MOST_FAULTS = 20


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What stands at the top."""

    decisions: list[dict[str, Any]] = []
    late: dict[str, Any] = {}


TOP = {
    "decisions": "a table `[[decisions]]` for each",
    "late": "a table `[late]` of what late work costs",
}


@dataclass(frozen=True)
class Decided:
    """What a file of decisions holds.

    Attributes:
        entries: in their order, each with its number in the file.
        due: when the hand-in is due; None where the file does not say.
        policy: what late work costs: the course's, where the file does not say.
        file: to say of an entry which line it begins in; None where there is no file.
    """

    entries: tuple[tuple[int, Entry], ...] = ()
    due: datetime | None = None
    policy: LatePolicy = field(default_factory=LatePolicy)
    file: StrictFile | None = None

    def about(self, number: int, words: str) -> str:
        """Return a sentence about the entry of a number, with its line."""
        return words if self.file is None else str(self.file.error((ENTRIES, number), words))

    def only_last(self) -> Decided:
        """Return the same with the last entry alone."""
        return replace_fields(self, entries=self.entries[-1:])

    def unfitting(self, course: Course) -> Iterator[str]:
        """Say which decisions are about a test that there is not any more."""
        for number, entry in self.entries:
            exercise = course.known(entry.exercise)
            if not (entry.test and exercise and exercise.hidden_suite.is_file()):
                continue
            tests = tests_of_suite(exercise.hidden_suite)
            if entry.test.partition("[")[0] not in tests and entry.test not in tests.values():
                yield self.about(number, f"{exercise.name} {_no_test(entry.test, tests)}")


def _no_test(name: str, tests: Mapping[str, str]) -> str:
    """Say that there is no test of a name or sentence, and which may be meant."""
    titles = get_close_matches(name, filter(None, tests.values()), 1)
    hint = f"did you mean {titles[0]!r}?" if titles else meant(name, tests)
    return f"has no test {name!r}, so this has no effect; {hint}"


def read_decisions(file: Path, course: Course) -> Decided:
    """Read decisions; where there is no file, nobody has decided anything.

    Raises:
        UsageError: the file can't be read, or something in it can't be meant; the message names
            the lines.
    """
    try:
        text = read_text(file)
    except (FileNotFoundError, NotADirectoryError):
        return Decided(policy=course.late)
    return parse_decisions(file, text, course)


def parse_decisions(file: Path, text: str, course: Course) -> Decided:
    """Read the text of a file of decisions; raises as `read_decisions` does."""
    return _DecisionsFile(file, text).read(course)


class _DecisionsFile(StrictFile):
    """A `decisions.toml` while it is read."""

    def read(self, course: Course) -> Decided:
        """Return what it holds."""
        table = self.parse()
        self.check(table, _File, (), TOP, "the file")
        late = table.get(LATE, {})
        found = list(self._faults_of_late(late))
        entries = []
        for number, each in enumerate(table.get(ENTRIES, [])):
            if len(found) > MOST_FAULTS:
                break
            wrong = list(self._faults_of(each, number, course))
            found += wrong
            if not wrong:
                entries.append(_named(each, course))
        if not found:
            found = list(self._twice(entries))
        if found:
            raise UsageError(_listed(found))
        due = read_time(late["due"]) if "due" in late else None
        return Decided(tuple(enumerate(entries)), due, late_policy(late, course.late), self)

    def _faults_of_late(self, late: Mapping[str, Any]) -> Iterator[UsageError]:
        yield from faults_of_late(late, self, ("due",))
        if "due" in late:
            try:
                read_time(late["due"])
            except ValueError as error:
                yield self.error((LATE, "due"), f"'due' takes {error}, not {str(late['due'])!r}")

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

    def _twice(self, entries: list[Entry]) -> Iterator[UsageError]:
        """Refuse two entries that decide the same: nobody knows which of them counts."""
        seen: dict[tuple[object, ...], int] = {}
        for number, entry in enumerate(entries):
            for kind in entry.kinds:
                key = (entry.student, entry.exercise, entry.test, kind)
                before = seen.setdefault(key, number)
                if before != number:
                    line = self._line_of((ENTRIES, before))
                    words = f"line {line} decides the {kind.words} of the same already"
                    yield self.error((ENTRIES, number), words)


def _named(table: Mapping[str, Any], course: Course) -> Entry:
    """Return an entry with its exercise's full name.

    Raises:
        UsageError: there is no such exercise.
    """
    entry = msgspec.convert(table, Entry)
    if not entry.exercise:
        return entry
    return replace(entry, exercise=course.exercise_named(entry.exercise).name)


def _listed(found: list[UsageError]) -> str:
    lines = [str(each) for each in found[:MOST_FAULTS]]
    return "\n".join([*lines, *(["and more faults"] if len(found) > MOST_FAULTS else [])])
