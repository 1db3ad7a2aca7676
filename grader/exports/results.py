"""Read `results.json`, of this schema or the one before, a student at a time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

from grader.errors import UsageError
from grader.results.decided import Settled
from grader.results.verdicts import SCHEMA, Verdict
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["ExerciseEntry", "Results", "Standing", "Student", "TestEntry", "read_results"]

NOT_JSON = "is not JSON, or damaged ({}): pass the results.json of the reports, or grade again"
OTHERS = "is not a results.json of the grader ({}): pass the one in the folder of the reports"
NEWER = "was written by a newer grader (schema {}; this one reads up to {}): update this one"


class Standing(StrEnum):
    """Whether a student's score is a mark, or why it is none."""

    FINAL = "final"
    NOTHING = "none of the exercises was handed in"
    UNRECOGNISED = "files were handed in, none of which was recognised"
    FAULT = "the grader failed on part of the work"
    WAITING = "a person is still to grade a part of the work"
    EXCUSED = "excused by decision"


class TestEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one exercise.

    Attributes:
        hint: its steps, a line each.
        fingerprint: what a wrong answer is known by that has no name.
    """

    __test__ = False  # not a test class, whatever pytest reads into its name

    name: str
    title: str
    public: bool
    verdict: Verdict
    score: float
    max_score: float
    message: str
    mistake: str | None = None
    hint: str | None = None
    fingerprint: str | msgspec.UnsetType = msgspec.UNSET


class ManualEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A part that a person grades; its score is None as long as nobody has."""

    name: str
    max_score: float
    score: float | None
    comment: str = ""


class ExerciseEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exercise of one student.

    Attributes:
        source: name of the file that was graded, or None where nothing was handed in.
        weight: how often it counts, by decision.
    """

    exercise: str
    verdict: Verdict
    score: float
    max_score: float
    source: str | None
    seconds: float
    tests: tuple[TestEntry, ...]
    weight: float = 1.0
    manual: tuple[ManualEntry, ...] = ()

    @property
    def has_fault(self) -> bool:
        """Whether the grader failed anywhere in it, so that its score is not final."""
        verdicts = (self.verdict, *(test.verdict for test in self.tests))
        return Verdict.GRADER_FAULT in verdicts


class DecisionEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision; `change` is how many points it gives, where it is about points."""

    decision: str
    change: float | None = None
    said: str = ""
    reason: str = ""
    exercise: str = ""
    test: str = ""
    text: str = ""
    everybody: bool = False

    @property
    def words(self) -> str:
        """All of it in words; of a comment, what it says."""
        if self.text:
            return self.text
        about = f"{self.exercise}: " if self.exercise else ""
        return f"{about}{self.said} by decision{f': {self.reason}' if self.reason else ''}"


class LatenessEntry(msgspec.Struct, frozen=True, kw_only=True):
    """When the work was due, and the points that being late has cost."""

    due: str
    deduction: float
    late: bool | None = None
    unknown: bool = False
    days: int = 0
    free_days: int = 0
    lines: tuple[str, ...] = ()


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """One student; what schema 1 and some downloads don't tell is empty.

    Attributes:
        student: the id: unique, and the same in every run.
        late: whether it was handed in late; None where that is not known.
        submitted_at: in ISO 8601.
        page: the student's page, as a path from the folder of `results.json`.
        unclaimed: files that belong to no exercise.
        handed_in_as: the file or folder of the download, by which an LMS finds the student.
        excused: from all of it, by decision.
        computed_score: by grading alone, of `computed_max_score`.
        usual_max_score: the maximum of those who are excused from nothing.
    """

    student: str
    name: str = ""
    email: str = ""
    section: str = ""
    late: bool | None = None
    submitted_at: str = ""
    page: str | None = None
    unclaimed: tuple[str, ...] = ()
    score: float
    max_score: float
    notes: tuple[str, ...] = ()
    exercises: tuple[ExerciseEntry, ...]
    login: str = ""
    group: str = ""
    handed_in_as: str = ""
    excused: bool = False
    computed_score: float | None = None
    computed_max_score: float | None = None
    decisions: tuple[DecisionEntry, ...] = ()
    usual_max_score: float | None = None
    lateness: LatenessEntry | None = None

    @property
    def mark(self) -> tuple[float, float]:
        """The score and its maximum, converted to the usual one: what is excused counts nowhere."""
        if self.usual_max_score is None or not self.max_score:
            return self.score, self.max_score
        return round(self.score * self.usual_max_score / self.max_score, 6), self.usual_max_score

    @property
    def shown(self) -> str:
        """The student as people read it, on one line: the name, and the id."""
        name = f"{self.name} ({self.student})" if self.name else self.student
        return " ".join(printable(name).split())

    @property
    def standing(self) -> Standing:
        """Whether the score is a mark: never where no work was seen, or where the grader failed.

        Points that somebody gave are a mark without any work.
        """
        if self.excused:
            return Standing.EXCUSED
        if any(exercise.has_fault for exercise in self.exercises):
            return Standing.FAULT
        if self._was_given_points or any(_was_seen(exercise) for exercise in self.exercises):
            waiting = any(each.score is None for part in self.exercises for each in part.manual)
            return Standing.WAITING if waiting else Standing.FINAL
        return Standing.UNRECOGNISED if self.unclaimed else Standing.NOTHING

    @property
    def settled(self) -> Settled:
        """The tests over which people have decided in the student's favour."""
        return Settled.by((e.decision, e.exercise, e.test, e.change or 0.0) for e in self.decisions)

    @property
    def _was_given_points(self) -> bool:
        return any(each.change is not None and not each.everybody for each in self.decisions)


class Students:
    """The students of a file in its order, each read when somebody comes to it.

    A class of 10,000 is hundreds of megabytes; what is kept is the text alone.
    """

    def __init__(self, entries: Sequence[msgspec.Raw]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Student]:
        decode = msgspec.json.Decoder(Student).decode
        return map(decode, self._entries)


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All of a file; `students` can be gone through again and again."""

    schema: int
    device: str
    title: str
    graded_at: str
    students: Students


class _Head(msgspec.Struct):
    schema: Annotated[int, msgspec.Meta(ge=1)]


class _File(msgspec.Struct):
    schema: int
    device: str
    students: list[msgspec.Raw]
    title: str = ""
    graded_at: str = ""


def read_results(path: Path) -> Results:
    """Read a `results.json`.

    Raises:
        UsageError: there is none, it can't be read, or it is not the grader's.
    """
    try:
        return _parsed(path.read_bytes(), path)
    except FileNotFoundError:
        raise UsageError(f"there is no {path}: grade first, or name it with --results") from None
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except msgspec.ValidationError as error:  # JSON, but not what is expected
        raise UsageError(f"{path} {OTHERS.format(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} {NOT_JSON.format(error)}") from error
    except RecursionError as error:
        raise UsageError(f"{path} {OTHERS.format('it is nested too deep')}") from error


def _parsed(content: bytes, path: Path) -> Results:
    schema = msgspec.json.decode(content, type=_Head).schema
    if schema > SCHEMA:
        raise UsageError(f"{path} {NEWER.format(schema, SCHEMA)}")
    file = msgspec.json.decode(content, type=_File)
    students = Students(file.students)
    _require_each_once(students)
    return Results(
        schema=schema,
        device=file.device,
        title=file.title,
        graded_at=file.graded_at,
        students=students,
    )


def _require_each_once(students: Students) -> None:
    """Look at every student, so that nothing is half written when one can't be read."""
    seen: set[str] = set()
    for student in students:
        if student.student in seen:
            raise msgspec.ValidationError(f"it holds {student.student!r} twice")
        seen.add(student.student)


def _was_seen(exercise: ExerciseEntry) -> bool:
    return exercise.source is not None or exercise.verdict is not Verdict.MISSING
