"""A gradient table says what is right and where the first fault lies, and gives nothing away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import torch
from the_lab import exercise_named
from torch import Tensor

from grader.judge.local import run_locally
from grader.results.verdicts import Verdict
from kit.backprop.gradient_table import gradient_table

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import TestResult

WRONG_FORWARD = """
import torch

def forward(x, W1, b1, W2, b2):
    L1 = x @ W1 + b1
    S = torch.tanh(L1)
    return L1, S, S @ W2 + b2

def loss(L2, y):
    return ((L2 - y) ** 2).sum() / (2 * len(y))

def backward(x, y, W1, b1, W2, b2):
    L1, S, L2 = forward(x, W1, b1, W2, b2)
    dL2 = (L2 - y) / len(y)
    dL1 = (dL2 @ W2.T) * {slope}
    return x.T @ dL1, dL1.sum(0), S.T @ dL2, dL2.sum(0)
"""


def gradients() -> dict[str, Tensor]:
    """Draw gradients of a network with layers of sizes 3, 4 and 2, in the order of the way back."""
    generator = torch.Generator().manual_seed(7)
    shapes = {"dW2": (4, 2), "db2": (2,), "dW1": (3, 4), "db1": (4,)}
    return {
        name: torch.randn(shape, generator=generator, dtype=torch.float64)
        for name, shape in shapes.items()
    }


def table_with(**wrong: object) -> str:
    """Make the table of gradients of which some are replaced."""
    return gradient_table({**gradients(), **wrong}, gradients())


def results_of(text: str, folder: Path) -> dict[str, TestResult]:
    """Run the hidden tests of ex05 for a submission."""
    file = folder / "ex05_backprop.py"
    file.write_text(text, encoding="utf-8")
    results = run_locally(exercise_named("ex05"), file, hidden=True)
    return {result.name: result for result in results}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (("dW1", "db1"), "dW2 and db2 are right, so the fault lies between W2 and W1."),
        (("db1",), "dW1 is right, so the first fault lies in db1 alone."),
        (("dW2", "dW1", "db1"), "db2 is right, so the first fault lies in dW2 alone."),
        (("dW2", "db2"), "dW1 and db1 are right, so the gradient passed back is right, too."),
        (("dW2", "db2", "dW1", "db1"), "None of them is right, so start with"),
    ],
)
def test_first_line_says_what_is_right_and_where_the_fault_lies(
    wrong: tuple[str, ...], sentence: str
) -> None:
    """The first fault on the way back is placed by what is right around it."""
    table = table_with(**{name: 2 * gradients()[name] for name in wrong})

    assert table.startswith(sentence)


def test_rows_stand_in_the_order_of_the_way_back() -> None:
    """One row a gradient, from the output layer to the first: name, shape, difference, verdict."""
    rows = table_with(dW1=3 * gradients()["dW1"]).splitlines()[2:7]

    assert [re.split(r"  +", row) for row in rows] == [
        ["gradient", "shape", "difference", "verdict"],
        ["dW2", "(4, 2)", "none", "right"],
        ["db2", "(2,)", "none", "right"],
        ["dW1", "(3, 4)", "2", "wrong"],
        ["db1", "(4,)", "none", "right"],
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (None, "not a tensor"),
        ("junk", "not a tensor"),
        (torch.zeros(2, 1, dtype=torch.float64), "yours: shape (2, 1)"),
        (torch.zeros(2), "yours: float32"),
        (torch.full((2,), torch.nan, dtype=torch.float64), "not finite"),
        (torch.full((2,), 1e300, dtype=torch.float64), "over 1000 wrong"),
        (1.000001 * gradients()["db2"], "under 0.01 wrong"),
    ],
    ids=["None", "str", "shape", "dtype", "nan", "huge", "close"],
)
def test_verdict_says_what_is_the_matter(wrong: object, words: str) -> None:
    """Shape and dtype come before values, and whatever came can be put into words."""
    (row,) = (line for line in table_with(db2=wrong).splitlines() if line.startswith("db2"))

    assert " ".join(row.split()).endswith(words)


def test_table_gives_no_number_away() -> None:
    """What it says of a size has one digit; no value of either side is in it."""
    text = table_with(dW2=gradients()["dW1"].T[:, :2] * 1.37, dW1=gradients()["dW1"] + 0.123)
    numbers = re.findall(r"\d+\.\d+", text)

    assert numbers
    assert all(len(number.replace(".", "").lstrip("0")) <= 1 for number in numbers)


@pytest.mark.parametrize("junk", [None, "done", [1.0], {"dW1": None}], ids=str)
def test_nothing_is_said_about_what_is_no_set_of_gradients(junk: object) -> None:
    """Where the names are not there, there is no table to make."""
    assert not gradient_table(junk, gradients())


def test_a_right_backward_pass_does_not_pay_for_the_forward_pass(tmp_path: Path) -> None:
    """It is judged on a right forward pass where the student's own is wrong."""
    results = results_of(WRONG_FORWARD.format(slope="S * (1 - S)"), tmp_path)

    assert results["test_forward_gives_the_hidden_layer"].mistake == "tanh-not-sigmoid"
    assert results["test_backward_is_right_down_to_the_first_layer"].verdict is Verdict.PASSED


def test_an_earlier_fault_is_reported_first(tmp_path: Path) -> None:
    """Where both passes are wrong, the backward pass is told to mend the forward pass."""
    results = results_of(WRONG_FORWARD.format(slope="torch.ones_like(S)"), tmp_path)
    backward = results["test_backward_is_right_down_to_the_first_layer"]

    assert backward.mistake == "tanh-not-sigmoid"
    assert "An earlier step is wrong too. Fix that first:" in backward.message.text


def test_a_fault_of_its_own_is_reported_when_the_forward_pass_is_missing(tmp_path: Path) -> None:
    """A backward pass that stands by itself is judged by itself."""
    text = WRONG_FORWARD.format(slope="torch.ones_like(S)").replace("torch.tanh", "torch.sigmoid")
    hidden = text.replace("def forward(", "def _run(").replace("= forward(", "= _run(")
    backward = results_of(hidden, tmp_path)["test_backward_is_right_down_to_the_first_layer"]

    assert backward.mistake == "slope-left-out"
    assert "dW2 and db2 are right, so the fault lies between W2 and W1." in backward.message.text
