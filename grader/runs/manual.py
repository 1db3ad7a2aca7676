"""`manual.csv` of a course: the points that a person gave for parts that no test judges."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.errors import UsageError
from grader.lists.table import read_table
from grader.results.verdicts import ManualPart
from grader.text.wording import number, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.courses import Exercise
    from grader.lists.table import Row
    from grader.results.students import StudentRecord
    from grader.results.verdicts import ExerciseResult

__all__ = ["MANUAL", "ManualPoints", "read_manual"]

MANUAL = "manual.csv"
NEEDED = ("student", "exercise", "part", "points")
COMMENT = "comment"
MAX_COMMENT = 2_000  # characters
NAMED = 5  # of many students, these are named

Place = tuple[str, str, str]  # student, exercise, part


@dataclass(frozen=True)
class ManualPoints:
    """What persons gave.

    Attributes:
        parts: of each exercise, the parts that a person grades, with their points.
        given: score and comment of a student's part of an exercise. Students stand here as the file
            names them: by id, login or e-mail address.
    """

    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    given: Mapping[Place, tuple[float, str]] = field(default_factory=dict)

    def added(self, record: StudentRecord, result: ExerciseResult) -> ExerciseResult:
        """Return a student's result with the parts that a person grades.

        Where nothing was handed in, a part for which nobody gave points has none, as tests have.
        """
        missing = result.is_absent
        parts = tuple(self._parts(record, result.exercise, missing=missing))
        counted = [part for part in parts if part.score is not None]
        return replace(
            result,
            manual=parts,
            score=result.score + sum(part.score or 0.0 for part in counted),
            max_score=result.max_score + sum(part.max_score for part in counted),
        )

    def require_single(self, records: Iterable[StudentRecord]) -> None:
        """Refuse two rows about the same of one student, who is named in two ways there.

        Raises:
            UsageError: nobody knows which of them counts; the message says who it is about.
        """
        for record in records:
            names = dict.fromkeys(_names(record))
            for exercise, parts in self.parts.items():
                for part in parts:
                    found = [name for name in names if (name, exercise, part) in self.given]
                    if len(found) > 1:
                        who = printable(record.told_apart)
                        how = printable(" and as ".join(found))
                        raise UsageError(
                            f"{MANUAL} has points of {who} for {part} of {exercise} twice, as "
                            f"{how}: delete one of these rows"
                        )

    def unknown(self, records: Iterable[StudentRecord]) -> Iterator[str]:
        """Say which of the file's students are not in the class."""
        known = {name for record in records for name in _names(record)}
        gone = sorted({student for student, _, _ in self.given if student not in known})
        if gone:
            more = f" and {len(gone) - NAMED:,} more" if len(gone) > NAMED else ""
            are = "is" if len(gone) == 1 else "are"
            yield (
                f"{MANUAL} has points for {plural(len(gone), 'student')} who {are} not in this "
                f"class: {', '.join(map(printable, gone[:NAMED]))}{more}."
            )

    def _parts(
        self, record: StudentRecord, exercise: str, *, missing: bool
    ) -> Iterator[ManualPart]:
        for part, most in self.parts.get(exercise, {}).items():
            places = [(name, exercise, part) for name in _names(record)]
            found = next((self.given[place] for place in places if place in self.given), None)
            score, comment = found or (0.0 if missing else None, "")
            yield ManualPart(name=part, max_score=most, score=score, comment=comment)


def read_manual(folder: Path, exercises: Sequence[Exercise]) -> ManualPoints:
    """Read the points that persons gave in a course; without a file, nobody has graded anything.

    Raises:
        UsageError: the file can't be read, or a row of it can't be right; the message names the
            line and what was meant.
    """
    parts = {each.name: each.manual for each in exercises if each.manual}
    file = folder / MANUAL
    return ManualPoints(parts, _given(file, parts) if file.exists() else {})


def _given(file: Path, parts: Mapping[str, Mapping[str, float]]) -> dict[Place, tuple[float, str]]:
    rows = [row for row in read_table(file).rows if any(row.values)]
    if not rows:
        return {}
    columns = _columns(file, rows[0])
    given: dict[Place, tuple[float, str]] = {}
    lines: dict[Place, int] = {}
    for row in rows[1:]:
        said = {name: row[column] for name, column in columns.items()}
        if not said["points"]:
            continue  # a row that is prepared, and not graded yet
        try:
            place, score = _checked(said, parts)
        except _RowError as error:
            raise UsageError(f"{file}, line {row.line}: {error}") from error
        if place in lines:
            raise UsageError(
                f"{file}, line {row.line}: line {lines[place]} has points for the same part already"
            )
        given[place] = (score, said.get(COMMENT, "")[:MAX_COMMENT])
        lines[place] = row.line
    return given


class _RowError(Exception):
    """What can't be right about a row."""


def _columns(file: Path, heading: Row) -> dict[str, int]:
    """Return where the columns are that count; others may stand beside them.

    Raises:
        UsageError: one is missing.
    """
    names = [name.casefold() for name in heading.values]
    for needed in NEEDED:
        if needed not in names:
            raise UsageError(
                f"{file}, line {heading.line}: there is no column {needed!r}; the first line names "
                f"the columns {', '.join(NEEDED)} and, if you like, {COMMENT}"
            )
    return {name: names.index(name) for name in (*NEEDED, COMMENT) if name in names}


def _checked(
    said: Mapping[str, str], parts: Mapping[str, Mapping[str, float]]
) -> tuple[Place, float]:
    """Return what a row is about, and its points."""
    if not said["student"]:
        raise _RowError("there is no student")
    exercise = _one_of(said["exercise"], parts, "exercise with a part that a person grades")
    part = _one_of(said["part"], parts[exercise], f"part of {exercise} that a person grades")
    try:
        score = float(said["points"].replace(",", "."))
    except ValueError:
        raise _RowError(f"the points are {said['points']!r}, and that is no number") from None
    most = parts[exercise][part]
    if not 0 <= score <= most:
        raise _RowError(f"{part} is worth 0 to {number(most)} points, not {number(score)}")
    return (said["student"], exercise, part), score


def _one_of(said: str, known: Iterable[str], kind: str) -> str:
    names = list(known)
    if said in names:
        return said
    close = difflib.get_close_matches(said, names, n=1)
    there = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names) or 'none'}"
    raise _RowError(f"there is no {kind} called {said!r}; {there}")


def _names(record: StudentRecord) -> tuple[str, ...]:
    return tuple(filter(None, (record.id, record.login, record.email)))
