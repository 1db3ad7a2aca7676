"""What the judge asks and learns of a notebook that is run up to its answer cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import NotStarted, StudentTimeout
from grader.guest.time_limit import is_out_of_time
from grader.guest.wire import Loaded
from grader.judge.student import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.errors import SubmissionError
    from grader.guest.wire import Reply

__all__ = ["error_of_cell", "require_started", "through"]


def through(cell: str, cells: Sequence[str]) -> Sequence[str]:
    """Return the answer cells that a notebook is run up to, one by one, to come to one of them."""
    return cells[: cells.index(cell) + 1] if cell else ()


def error_of_cell(reply: Reply, cell: str) -> SubmissionError | None:
    """Return what the cell raised that a notebook was run up to.

    Raises:
        SubmissionError: running it gave no answer of its own.
    """
    call = f"The cell `{cell}`"
    if not isinstance(reply, Loaded):
        raise refusal(reply, call)
    if reply.failed and is_out_of_time(reply.failed):
        where = f" in {reply.failed.where}" if reply.failed.where else ""
        return StudentTimeout(
            f"{call} took longer than the time that there is, and was stopped{where}. Does every "
            "loop in it come to an end, and is it no longer than what the task asks for?"
        )
    return refusal(reply.failed, call) if reply.failed else None


def require_started(error: SubmissionError | None) -> None:
    """Raise what an answer cell raised if it is not started, or was stopped on its way."""
    if isinstance(error, NotStarted | StudentTimeout):
        raise error
