"""`input()` where nobody is there to answer: the same at a student's desk as when it is graded."""

from __future__ import annotations

import builtins
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NobodyAnswersError", "nobody_answers"]


class NobodyAnswersError(EOFError):
    """A question was asked: what a program without a keyboard gets, and as code expects it."""


NobodyAnswersError.__name__ = EOFError.__name__  # as students know it, and can look it up


@contextmanager
def nobody_answers() -> Iterator[None]:
    """Let every question raise NobodyAnswersError meanwhile."""
    answered = builtins.input
    builtins.input = ask_nobody
    try:
        yield
    finally:
        builtins.input = answered


def ask_nobody(prompt: object = "", /) -> str:
    """Stand in for `input`."""
    del prompt
    raise NobodyAnswersError("input() asks a question, and no one can answer it")
