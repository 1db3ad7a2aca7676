"""Answers that a stub below them hides."""

from __future__ import annotations

import pytest

from grader.guest.loading.redefined import hidden_by_stubs

STUB = 'def f(x):\n    """Say what."""\n    # YOUR CODE HERE\n    raise NotImplementedError("f")\n'
BARE_STUB = "def f(x):\n    raise NotImplementedError\n"
ANSWER = "x = 1\ndef f(x):\n    if x < 0:\n        raise NotImplementedError\n    return x\n"


@pytest.mark.parametrize("stub", [STUB, BARE_STUB])
def test_a_stub_below_an_answer_is_named(stub: str) -> None:
    """With its cell, or its line in a module."""
    end = "is the stub that was given out. Delete it, or move your code there."

    assert hidden_by_stubs(["import math", ANSWER, stub], notebook=True) == [
        f"f is defined twice; the last one, in cell 3, {end}"
    ]
    line = (stub + ANSWER).count("\n") + 1
    assert hidden_by_stubs([stub + ANSWER + stub], notebook=False) == [
        f"f is defined 3 times; the last one, in line {line}, {end}"
    ]


@pytest.mark.parametrize(
    "cells",
    [[STUB], [STUB, ANSWER], [STUB, STUB], [ANSWER, ANSWER], [ANSWER, "def f(x: (", "f = 1"]],
)
def test_what_counts_as_it_stands_needs_no_word(cells: list[str]) -> None:
    """Only an answer that does not count is told."""
    assert hidden_by_stubs(cells, notebook=True) == []
