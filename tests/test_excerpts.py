"""What a test asked for is found in a student's code, without parsing it."""

from __future__ import annotations

import pytest

from grader.reports.code.excerpts import MAX_LINE, MAX_LINES, Excerpt, excerpt
from grader.results.verdicts import SourceCode

CODE = '''"""The exercise.

def loss(): not this one
"""
import torch

RATE = 0.1
TEXT = """
def helper(): this neither
"""


@torch.no_grad()
def loss(
    z, y
):
    """Measure it.

    As said.
    """
    # a remark
    return (z - y) ** 2  # all of it


class Net(torch.nn.Module):
    """A net."""

    def forward(self, x):
        return x


def helper():
    return 1


def helper():
    """Return two."""
    return 2


result = loss(1, 2)
'''
LOSS = """@torch.no_grad()
def loss(
    z, y
):
    # a remark
    return (z - y) ** 2  # all of it"""
NET = "class Net(torch.nn.Module):\n\n    def forward(self, x):\n        return x"


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("`loss((3, 4) float32, lr=float)`", LOSS),
        ("`helper()`", "def helper():\n    return 2"),
        ("`net = Net(); loss(net.forward(x), y)` with x (2,) float32", f"{LOSS}\n\n\n{NET}"),
        ("Looking up `RATE`", "RATE = 0.1"),
    ],
)
def test_what_a_call_names_is_found(call: str, found: str) -> None:
    """Whole, with its decorators, without docstrings; of two of a name the last."""
    assert excerpt(SourceCode(text=CODE), call) == Excerpt(found)


def test_where_nothing_is_found_it_begins_at_the_beginning() -> None:
    """And says so."""
    found = excerpt(SourceCode(text="x = 1\nprint(x)\n", language="text"), "`f()`")

    assert (found.text, found.language) == ("x = 1\nprint(x)", "text")
    assert found.note == "Which function the test asks for is not clear."


def test_it_is_short() -> None:
    """In lines, and in characters of a line."""
    found = excerpt(SourceCode(text="def f():\n    " + "x" * 999), "`f()`")
    long = excerpt(SourceCode(text="def f():\n" + "    x = 1\n" * 99), "`f()`")

    assert max(map(len, found.text.splitlines())) == MAX_LINE + 3
    assert len(long.text.splitlines()) == MAX_LINES
    assert long.note == f"Only the first {MAX_LINES} lines are shown."


@pytest.mark.parametrize(
    "text",
    [
        '"""a\n' * 100_000,
        "def f\n" * 100_000,
        "@" * 300_000,
        "'" * 300_000,
        "f" * 300_000,
        "",
        "\n",
    ],
    ids=range(7),
)
def test_hostile_code_takes_no_time(text: str) -> None:
    """It is gone through once."""
    assert len(excerpt(SourceCode(text=text), f"`f({'(' * 100_000}").text) < 20_000
