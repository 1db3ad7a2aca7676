"""The decisions of a class, which every regrade keeps: `decisions.toml`, `decisions.csv`, or both.

    [late]
    due = 2026-11-27T23:59:00+01:00
    per_day = "10%"

    [[decisions]]
    student = "4401"
    exercise = "hw3"
    test = "test_rows_add_up"
    points = 2
    reason = "The test was too strict."

Nothing of them counts before all of it can be read: whatever can't be meant is said at once, with
its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from grader.courses.counting import tests_of_suite
from grader.courses.declared.late_table import LATE, faults_of_late, late_policy
from grader.courses.declared.strict import meant, read_text
from grader.courses.late_work import LatePolicy, read_time
from grader.errors import UsageError
from grader.runs.deciding.entries_file import ENTRIES, EntriesFile, listed, twice
from grader.runs.deciding.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from grader.courses import Course
    from grader.runs.deciding.entries_file import Found

__all__ = ["Decided", "parse_decisions", "read_decisions", "table_beside"]

TABLE = ".csv"


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
    """What people decided about a class.

    Attributes:
        entries: in their order, each with where it stands; those of the table come last.
        due: when the hand-in is due; None where no file says that.
        policy: what late work costs: the course's, where no file says that.
    """

    entries: tuple[Found, ...] = ()
    due: datetime | None = None
    policy: LatePolicy = field(default_factory=LatePolicy)

    def only_last(self) -> Decided:
        """Return the same with the last entry alone."""
        return replace_fields(self, entries=self.entries[-1:])

    def unfitting(self, course: Course) -> Iterator[str]:
        """Say which decisions are about a test that there is not any more."""
        for where, entry in self.entries:
            exercise = course.known(entry.exercise)
            if not (entry.test and exercise and exercise.hidden_suite.is_file()):
                continue
            tests = tests_of_suite(exercise.hidden_suite)
            if entry.test.partition("[")[0] not in tests and entry.test not in tests.values():
                yield where.about(f"{exercise.name} {_no_test(entry.test, tests)}")


def _no_test(name: str, tests: Mapping[str, str]) -> str:
    """Say that there is no test of a name or sentence, and which may be meant."""
    titles = get_close_matches(name, filter(None, tests.values()), 1)
    hint = f"did you mean {titles[0]!r}?" if titles else meant(name, tests)
    return f"has no test {name!r}, so this has no effect; {hint}"


def table_beside(file: Path) -> Path:
    """Return where the table of decisions stands that counts with a file of them."""
    return file.with_suffix(TABLE)


def read_decisions(file: Path, course: Course) -> Decided:
    """Read a TOML file of decisions and the table beside it; where neither is, nobody decided.

    Raises:
        UsageError: one can't be read, something in it can't be meant, or both decide the same; the
            message names the lines.
    """
    try:
        text = read_text(file)
    except (FileNotFoundError, NotADirectoryError):
        text = ""
    return with_table(parse_decisions(file, text, course), file, course)


def with_table(decided: Decided, file: Path, course: Course) -> Decided:
    """Return decisions with those of the table beside their file; raises as `read_decisions`."""
    table = table_beside(file)
    if not table.exists():
        return decided
    rows, wrong = read_rows(table, course)
    entries = (*decided.entries, *rows)
    if found := wrong or list(twice(entries)):
        raise UsageError(listed(found))
    return replace_fields(decided, entries=entries)


def parse_decisions(file: Path, text: str, course: Course) -> Decided:
    """Read the text of a file of decisions alone; raises as `read_decisions` does."""
    return _DecisionsFile(file, text).read(course)


class _DecisionsFile(EntriesFile):
    """A `decisions.toml` while it is read."""

    def read(self, course: Course) -> Decided:
        """Return what it holds."""
        table = self.parse()
        self.check(table, _File, (), TOP, "the file")
        late = table.get(LATE, {})
        entries, wrong = self.checked(table.get(ENTRIES, []), course)
        if found := [*self._faults_of_late(late), *wrong] or list(twice(entries)):
            raise UsageError(listed(found))
        due = read_time(late["due"]) if "due" in late else None
        return Decided(tuple(entries), due, late_policy(late, course.late))

    def _faults_of_late(self, late: Mapping[str, Any]) -> Iterator[UsageError]:
        yield from faults_of_late(late, self, ("due",))
        if "due" in late:
            try:
                read_time(late["due"])
            except ValueError as error:
                yield self.error((LATE, "due"), f"'due' takes {error}, not {str(late['due'])!r}")
