"""Judge a function that calls an earlier one, and charge each mistake where it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import StudentCrash, StudentTimeout, SubmissionError, WrongAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["own_or_lent"]


def own_or_lent(judge: Callable[[bool], None]) -> None:
    """Require right answers with the student's own earlier functions, or with the suite's.

    The suite's are lent only where the student's own have led to a wrong answer: whoever calls them
    in an unusual way keeps them.

    Args:
        judge: expects the right answers; told whether the earlier functions are to be lent.

    Raises:
        SubmissionError: the answers are wrong both times; the error is what is wrong here alone.
    """
    try:
        judge(False)
    except StudentTimeout:
        raise  # and no second wait
    except SubmissionError as own:
        try:
            judge(True)
        except SubmissionError as alone:
            unfit = isinstance(alone, StudentCrash) and isinstance(own, WrongAnswer)
            raise (own if unfit else alone) from None
