"""What a grading run shows in the terminal: a bar while it runs, a line a student without one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from rich.cells import cell_len, set_cell_size
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from grader.reports.marks import mark_of, unjudged
from grader.runs.engine import Progress
from grader.text.wording import number, printable

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console

    from grader.courses import Course
    from grader.results.verdicts import StudentResult

__all__ = ["LinePerStudent", "LiveBar", "student_line"]

NAME_WIDTH = 28
MISSING_NAMED = 2  # of the exercises that were not handed in; of more, their number


class LinePerStudent(Progress):
    """For pipes and logs: one line a student, as soon as the student is done."""

    def __init__(self, console: Console, course: Course) -> None:
        self._console = console
        self._course = course

    def finished(self, result: StudentResult) -> None:
        """Print the student's line."""
        self.note(student_line(result, self._course))

    def note(self, sentence: str) -> None:
        """Print it."""
        self._console.print(sentence, markup=False, highlight=False, soft_wrap=True)


class LiveBar(Progress):
    """For terminals: a bar that names what is being graded, and the rate. A context manager."""

    def __init__(self, console: Console) -> None:
        self._bar = Bar(
            TextColumn("{task.fields[student]}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("grading", total=None, student="starting", rate="")
        self._graded, self._start = 0, 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        """Set how far the bar goes."""
        self._bar.update(self._task, total=total, student="loading torch")

    def started(self, student: str) -> None:
        """Name the submission; the clock of the rate starts with the first one."""
        self._start = self._start or time.monotonic()
        self._bar.update(self._task, student=set_cell_size(printable(student), NAME_WIDTH))

    def finished(self, result: StudentResult) -> None:
        """Move on by one."""
        del result
        self._graded += bool(self._start)
        elapsed = time.monotonic() - self._start
        rate = f"{self._graded / elapsed:.1f}/s" if self._start and elapsed > 0 else ""
        self._bar.update(self._task, advance=1, rate=rate)

    def note(self, sentence: str) -> None:
        """Print it above the bar."""
        self._bar.console.print(sentence, markup=False, highlight=False)


def student_line(result: StudentResult, course: Course) -> str:
    """Return a student's line: name, id, score, and each exercise that is not passed."""
    name = printable(result.record.told_apart)
    missing = [each for each in result.exercises if each.is_absent]
    counted = missing if len(missing) > MISSING_NAMED else []
    open_ones = [
        f"{each.exercise} {mark_of(each).words}"
        for each in result.exercises
        if each.verdict != "passed" and each not in counted
    ]
    open_ones += [f"{len(counted)} not handed in"] if counted else []
    score = f"{number(result.score):>5} of {number(result.max_score)}"
    if left := sum(unjudged(each, course) for each in result.exercises):
        score += f" judged, {number(left)} not judged"
    indent = " " * (NAME_WIDTH - cell_len(name))
    return f"{name}{indent} {score}  {', '.join(open_ones) or 'all passed'}"
