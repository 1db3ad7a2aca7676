"""What the judge asks and learns of a notebook that is run up to its answer cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import NotStarted
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
    return refusal(reply.failed, call) if reply.failed else None


def require_started(error: SubmissionError | None) -> None:
    """Raise what an answer cell raised if that says that it is not started."""
    if isinstance(error, NotStarted):
        raise error
