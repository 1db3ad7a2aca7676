"""What the judge asks and learns of a notebook that is run up to its answer cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.asking.refusals import refusal
from grader.errors import NotStarted, StudentTimeout
from grader.guest.crossing.wire import Loaded
from grader.guest.process.time_limit import is_out_of_time
from grader.results.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.errors import SubmissionError
    from grader.guest.crossing.wire import Raised, Reply

__all__ = ["CellEnd", "cell_end", "run_through"]


@dataclass(frozen=True)
class CellEnd:
    """How a task's own cell ended.

    Attributes:
        error: what it raised, or that it was stopped; None where it came to its end.
        lost: whether nothing is there to be judged, since it was not written, or never ran.
    """

    error: SubmissionError | None = None
    lost: bool = False


def run_through(
    cell: str, cells: Sequence[str], proceed: Callable[[str], CellEnd]
) -> SubmissionError | None:
    """Run a notebook up to its answer cells, one by one, to come to one of them.

    Returns:
        What the cell raised whose names are to be judged: it explains what is lacking in them.

    Raises:
        SubmissionError: there is nothing to be judged.
    """
    end = CellEnd()
    for each in cells[: cells.index(cell) + 1] if cell else ():
        end = proceed(each)
    if end.lost and end.error:
        raise end.error
    return end.error


def cell_end(reply: Reply, task: int) -> CellEnd:
    """Return how the own cell of a task ended.

    Args:
        reply: to the request to run the notebook up to it.
        task: the task's number, from 1; 0 for the cells after the last one.

    Raises:
        SubmissionError: running it returned no result.
    """
    call = f"The cell of task {task}"
    if not isinstance(reply, Loaded):
        raise refusal(reply, call)
    if reply.failed is None:
        empty = NotStarted(f"Task {task} is not written yet: its cell is empty, or not there.")
        return CellEnd(empty, lost=True) if reply.unwritten else CellEnd()
    if is_out_of_time(reply.failed):
        return CellEnd(_timeout(reply.failed, call), lost=reply.unwritten)
    error = refusal(reply.failed, call)
    return CellEnd(error, lost=reply.unwritten or isinstance(error, NotStarted))


def _timeout(stopped: Raised, call: str) -> StudentTimeout:
    where = f" in {stopped.where}" if stopped.where else ""
    said = f"exceeded its time limit and was stopped{where}. Does every loop in it end? "
    asked = "Does it train for longer than the task asks?"
    return StudentTimeout(Message(f"{said}{asked}", call), line=stopped.line)
