"""What a format is: it is asked for something, and writes a file for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.errors import UsageError
from grader.exports.results import Standing
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from grader.courses import Course
    from grader.exports.results import Results, Student

__all__ = ["Format", "Outcome", "Platform", "Request", "listed"]

UNTITLED = "Marks"  # of results that an older grader wrote
NAMED = 100  # students in a line that says whom it is about


class Platform(StrEnum):
    """Who takes a file that several can take, each in its own shape."""

    CANVAS = "canvas"
    MOODLE = "moodle"
    PLAIN = "plain"


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        course: whose exercises the results are of.
        folder: where `results.json` lies; the students' pages are named from there.
        given: the file of the LMS that is to be filled in; it is only read.
        column: the column of it to fill in; empty where the user named none.
        platform: for whom; set exactly where the format knows several.
        scale: whether marks are converted to the maximum that the LMS has.
    """

    results: Results
    course: Course
    folder: Path
    given: Path | None = None
    column: str = ""
    platform: Platform | None = None
    scale: bool = False

    @property
    def title(self) -> str:
        """What the marks are called where a file of marks has a name for them."""
        return self.results.title or UNTITLED

    def page_of(self, student: Student) -> Path | None:
        """Return where a student's page is; None if it was withheld, or is none of the reports."""
        if not student.page or Path(student.page).is_absolute() or ".." in Path(student.page).parts:
            return None
        page = self.folder / student.page
        return page if page.is_file() else None


@dataclass
class Outcome:
    """What became of a request.

    Attributes:
        next_step: what to do with the file, as a sentence.
        written: the students whose mark or work is in the file.
        notes: what else to know, as sentences.
        left_out: students who are not in it, by the reason in words.
        without: what is said of them.
    """

    next_step: str
    written: int = 0
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    without: str = "Not in it"

    def leave_out(self, student: str, reason: str) -> None:
        """Note somebody who is not in the file."""
        self.left_out.setdefault(reason, []).append(student)

    def final(self, students: Iterable[Student], *, excused: bool = False) -> Iterator[Student]:
        """Give the students whose score is a mark; the others are left out, with the reason.

        A zero must not overwrite the mark of a student whose work was never seen, and a score that
        a fault of the grader lowered is no mark yet. Who is excused from an exercise has the marks
        of the others, converted to the maximum of the class.

        Args:
            students: all of them.
            excused: whether the file can say that a student is excused.
        """
        for student in students:
            standing = student.standing
            if standing is Standing.FINAL or (excused and standing is Standing.EXCUSED):
                score, most = student.mark
                yield replace(student, score=score, max_score=most)
            else:
                self.leave_out(student.shown, standing.value)

    def require_some(self, what: str) -> None:
        """Complain if nobody is in the file.

        Raises:
            UsageError: with the first reason.
        """
        if not self.written:
            reasons = [f"{reason}: {listed(who[:3])}" for reason, who in self.left_out.items()]
            raise UsageError(f"{what}: {next(iter(reasons), 'the results hold no student')}")

    def lines(self, target: Path) -> Iterator[str]:
        """Say what was written, what to do with it, and whom it leaves out."""
        yield f"Wrote {plural(self.written, 'student')} to {target}. {self.next_step}"
        yield from self.notes
        for reason, students in self.left_out.items():
            count = plural(len(students), "student")
            yield f"{self.without}: {count} ({reason}): {listed(students)}"


@dataclass(frozen=True)
class Format:
    """A file that somebody takes.

    Attributes:
        name: as the command line knows it.
        summary: what it is, in a few words that the command's help repeats.
        file_name: what the file is called, beside `results.json`.
        render: writes it; what it raises leaves no file behind.
        fills: whether it can fill in a file of the LMS.
        platforms: for whom it can be; the user says which.
    """

    name: str
    summary: str
    file_name: str
    render: Callable[[Request, BinaryIO], Outcome]
    fills: bool = False
    platforms: tuple[Platform, ...] = ()


def listed(students: Sequence[str]) -> str:
    """Name students; of very many the first."""
    more = len(students) - NAMED
    return ", ".join(students[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
