"""Mutants: what each operator makes, and that all differ and change the student's part only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.authoring.regions import AuthoringError, spans
from grader.proving.mutants import mutants_of
from grader.proving.operators.table import OPERATORS
from grader.proving.printed import differs_in_prints_alone

SOLUTIONS = sorted((Path(__file__).resolve().parents[1] / "solutions").glob("*.py"))
MODULE = """import torch
from torch import nn

def given(x, labels, lr):
    return x - lr

def written(x, y, labels, lr, criterion, model, loader, optimizer):
    ### BEGIN SOLUTION
{}
    ### END SOLUTION
"""

# What a student may write, and what an operator makes of it, line by line.
MADE = {
    "call-left-out": ("loss.backward()", ["pass"]),
    "update-left-out": ("total += 1", ["pass"]),
    "method-left-out": (
        "return torch.exp(x.detach().clone())",
        [
            "return x.detach().clone()",
            "return torch.exp(x.detach())",
            "return torch.exp(x.clone())",
        ],
    ),
    "conversion-left-out": ("return float(x)", ["return x"]),
    "no-grad-left-out": ("with torch.no_grad():\n        return x", ["if True:"]),
    "condition-left-out": (
        "if x.grad is not None:\n        return [p for p in x if p.grad is not None]",
        ["if True:", "return [p for p in x]"],
    ),
    "argument-left-out": (
        "return x.sum(dim=1, keepdim=True)",
        ["return x.sum(keepdim=True)", "return x.sum(dim=1)"],
    ),
    "operand-left-out": (
        "return x + y if x and y else x / y",
        [
            "return x if x and y else x / y",
            "return y if x and y else x / y",
            "return x + y if x else x / y",
            "return x + y if y else x / y",
            "return x + y if x and y else x",
        ],
    ),
    "transpose-left-out": ("return x.T @ y.mT", ["return x @ y.mT", "return x.T @ y"]),
    "arguments-swapped": ("return loss(x, labels)", ["return loss(labels, x)"]),
    "batch-size-changed": ("return load(batch_size=x)", ["return load(batch_size=1)"]),
    "criterion-of-ones-own": (
        "return criterion(x, labels)",
        [
            "return torch.nn.functional.nll_loss(x, labels)",
            "return torch.nn.functional.cross_entropy(x, labels)",
            "return torch.nn.functional.mse_loss(x, labels)",
        ],
    ),
    "labels-moved": ("return loss(x, labels)", ["return loss(x, labels.flip(0))"]),
    "loss-changed": (
        "return nn.NLLLoss()",
        ["return nn.CrossEntropyLoss()", "return nn.MSELoss()"],
    ),
    "lr-changed": (
        "return x - lr * y",
        ["return x - (lr * lr) * y", "return x - 0.01 * y"],
    ),
    "mode-changed": (
        "model.eval()\n    model.train(x)",
        ["model.train()", "model.eval()", "model.train()"],
    ),
    "optimizer-changed": (
        "return torch.optim.SGD(x, lr=lr)",
        [
            "return torch.optim.Adam(x, lr=lr)",
            "return torch.optim.SGD(x, lr=lr, momentum=0.9)",
            "return torch.optim.SGD(x, lr=lr, weight_decay=0.1)",
        ],
    ),
    "shuffle-turned": ("return load(x, shuffle=True)", ["return load(x, shuffle=False)"]),
    "activation-added": (
        "return nn.Sequential(nn.Linear(2, 3))",
        [
            "return nn.Sequential(nn.Linear(2, 3), nn.ReLU())",
            "return nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1))",
        ],
    ),
    "activation-changed": (
        "return torch.sigmoid(nn.ReLU()(x))",
        [
            "return torch.tanh(nn.ReLU()(x))",
            "return torch.relu(nn.ReLU()(x))",
            "return torch.sigmoid(nn.Sigmoid()(x))",
            "return torch.sigmoid(nn.Tanh()(x))",
        ],
    ),
    "activation-left-out": (
        "return nn.Sequential(nn.Linear(2, 3), nn.ReLU())",
        ["return nn.Sequential(nn.Linear(2, 3))"],
    ),
    "bias-left-out": ("return nn.Linear(2, 3)", ["return nn.Linear(2, 3, bias=False)"]),
    "layer-left-out": (
        "return nn.Sequential(nn.ReLU(), nn.Linear(2, 3))",
        ["return nn.Sequential(nn.ReLU())"],
    ),
    "count-changed": (
        "return len(x) / len(loader)",
        [
            "return x.numel() / len(loader)",
            "return x.shape[-1] / len(loader)",
            "return len(x) / len(loader.dataset)",
        ],
    ),
    "dim-changed": (
        "return torch.softmax(x, 1).sum(dim=-1)",
        [
            "return torch.softmax(x, 1).sum(dim=0)",
            "return torch.softmax(x, 1).sum(dim=1)",
            "return torch.softmax(x, 0).sum(dim=-1)",
            "return torch.softmax(x, -1).sum(dim=-1)",
        ],
    ),
    "extreme-changed": (
        "return x.max(1).values, x.argmax(1)",
        [
            "return x.max(1).indices, x.argmax(1)",
            "return x.min(1).values, x.argmax(1)",
            "return x.argmax(1).values, x.argmax(1)",
            "return x.max(1).values, x.argmin(1)",
            "return x.max(1).values, x.max(1)",
        ],
    ),
    "mean-for-sum": (
        "return nn.MSELoss()(x, y) + x.sum()",
        [
            'return nn.MSELoss(reduction="sum")(x, y) + x.sum()',
            'return nn.MSELoss(reduction="none")(x, y) + x.sum()',
            "return nn.MSELoss()(x, y) + x.mean()",
        ],
    ),
    "comparison-changed": ("return x > y", ["return x < y", "return x >= y"]),
    "number-changed": (
        "return x[0] + 2 * y.sum(dim=1) + 0.5",
        [
            "return x[0] + 2 * y.sum(dim=1) + 1.0",
            "return x[0] + 3 * y.sum(dim=1) + 0.5",
            "return x[0] + 1 * y.sum(dim=1) + 0.5",
        ],
    ),
    "off-by-one": (
        "return x[-1] + y[0], range(lr)",
        [
            "return x[0] + y[0], range(lr)",
            "return x[-2] + y[0], range(lr)",
            "return x[-1] + y[1], range(lr)",
            "return x[-1] + y[0], range(lr + 1)",
            "return x[-1] + y[0], range(lr - 1)",
        ],
    ),
    "operands-swapped": ("return x - y * 2", ["return (y * 2) - x"]),
    "operation-changed": (
        "return x @ y / 2",
        ["return x @ y * 2", "return x * y / 2"],
    ),
    "sign-turned": (
        "total += -x\n    total.sub_(x - y)",
        ["total -= -x", "total += x", "total.add_(x - y)", "total.sub_(x + y)"],
    ),
    "dtype-changed": (
        "return x.float().to(torch.int64)",
        ["return x.double().to(torch.int64)", "return x.float().to(torch.int32)"],
    ),
    "in-place": (
        "return torch.exp(x) + (y - lr)",
        ["return x.exp_() + (y - lr)", "return torch.exp(x) + y.sub_(lr)"],
    ),
    "out-of-place": ("x.sub_(lr * y)", ["x.sub(lr * y)"]),
    "product-with-zero": (
        "x.grad = None\n    x.grad.zero_()",
        ["x.grad *= 0", "x.grad *= 0"],
    ),
    "rebound": ("x.sub_(lr * y)\n    x -= y", ["x = x - (lr * y)", "x = x - y"]),
    "moved-into-the-loop": (
        "total = 0\n    for each in loader:\n        total += each",
        ["pass / for each in loader: / total = 0"],
    ),
    "moved-out-of-the-loop": (
        "for each in loader:\n        optimizer.zero_grad()\n        optimizer.step()",
        ["optimizer.zero_grad() / for each in loader:", "optimizer.step()"],
    ),
    "one-turn": ("for each in loader:\n        total += each", ["break"]),
    "results-swapped": ("return x, y, lr", ["return y, x, lr", "return x, lr, y"]),
    "returned-in-the-loop": (
        "for each in loader:\n        total += each\n    return total",
        ["return total"],
    ),
    "statements-swapped": (
        "for each in loader:\n        optimizer.zero_grad()\n        loss = each\n        y = loss",
        ["loss = each / optimizer.zero_grad()"],
    ),
}


def module(text: str) -> str:
    """Return a solution in which a student writes some lines."""
    return MODULE.format(f"    {text}")


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_makes_what_a_student_may_have_written(operator: str) -> None:
    """Each operator has an example, and changes it so and not otherwise."""
    text, expected = MADE[operator]
    mutants = mutants_of(module(text), "hw1", {operator: OPERATORS[operator]})

    assert expected == [" / ".join(mutant.now.splitlines()) for mutant in mutants]
    assert {("written", operator)} == {(each.function, each.operator) for each in mutants}
    assert all(mutant.words and "\n" not in mutant.words for mutant in mutants)


@pytest.mark.parametrize("file", SOLUTIONS, ids=lambda file: file.stem)
def test_mutants_differ_from_the_solution_and_each_other_in_the_students_part(file: Path) -> None:
    """What is given stays as it is, and no mutant computes what another one does."""
    source = file.read_text(encoding="utf-8")
    mutants = mutants_of(source, file.stem)
    trees = [ast.dump(ast.parse(text)) for text in [source, *(each.source for each in mutants)]]

    assert len(mutants) >= 20
    assert len(trees) == len(set(trees))
    assert {given_part(source)} == {given_part(mutant.source) for mutant in mutants}
    assert [each.line for each in mutants] == sorted(each.line for each in mutants)


def given_part(source: str) -> str:
    """Return a solution without what a student writes."""
    lines = source.splitlines()
    for begin, end in reversed(spans(lines, "a solution")):
        lines[begin : end - 1] = []
    return "\n".join(lines)


def test_a_mutant_says_where_it_is_and_what_it_was() -> None:
    """Its line is counted in the solution; its function may be a method."""
    source = (
        "class Net:\n    def forward(self, x):\n        ### BEGIN SOLUTION\n"
        "        y = x.detach()\n        return y\n        ### END SOLUTION\n"
    )
    (mutant,) = mutants_of(source, "hw1")

    assert mutant.function == "Net.forward"
    assert mutant.line == 4
    assert mutant.was == "y = x.detach()"
    assert mutant.now == "y = x"
    assert mutant.source == source.replace(".detach()", "")


def test_a_solution_that_is_a_notebook_is_changed_in_its_answers_only() -> None:
    """Cells without a marked region are given to the students."""
    source = "x = 1.0\n### BEGIN SOLUTION\ny = 2.0\n### END SOLUTION\nz = 3.0\n"

    (mutant,) = mutants_of(source, "lab")

    assert mutant.now == "y = 4.0"
    assert not mutant.function


def test_mutants_of_markers_that_are_not_in_order_are_refused() -> None:
    """The message names the line, as it does for a stub."""
    with pytest.raises(AuthoringError, match=r"hw1\.py:1: unclosed marker"):
        mutants_of("### BEGIN SOLUTION\nx = 1\n", "hw1")


@pytest.mark.parametrize(
    ("old", "new", "alone"),
    [
        ("total += y", "total = 1.0", True),
        ("print(total / 2)", "pass", True),
        ("y = x + 1", "y = x", False),
        ("kept += y", "kept -= y", False),
    ],
)
def test_what_is_only_added_up_and_printed_is_told_from_what_is_kept(
    old: str, new: str, alone: bool
) -> None:
    """A sum that is printed alone is none that a test of a notebook can see."""
    notebook = (
        "total = kept = 0.0\nfor x in (1, 2):\n    y = x + 1\n    total += y\n    kept += y\n"
        "print(total / 2)\n"
    )

    assert alone is differs_in_prints_alone(notebook, notebook.replace(old, new))
