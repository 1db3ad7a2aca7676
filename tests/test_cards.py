"""The cards: what they name is there, their links lead to it, and what they warn of is so."""

from __future__ import annotations

import ast
import inspect
import math
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
import torch
from the_lab import LAB
from torch import nn

from grader.authoring.card import card
from grader.authoring.regions import AuthoringError
from grader.courses.declared.formulas import FILE, read_formulas
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

PYTORCH, PYTHON = "https://docs.pytorch.org/docs/stable/", "https://docs.python.org/3/library/"
FULL = {
    "nn.": "torch.nn.",
    "optim.": "torch.optim.",
    "Tensor.": "torch.Tensor.",
    "Optimizer.": "torch.optim.Optimizer.",
    "DataLoader": "torch.utils.data.DataLoader",
    "TensorDataset": "torch.utils.data.TensorDataset",
}
ON_ONE_PAGE = {  # where what it has stands on its page, and no page is its own
    "torch.nn.Module": f"{PYTORCH}generated/torch.nn.Module.html",
    "torch.utils.data": f"{PYTORCH}data.html",
    "math": f"{PYTHON}math.html",
}
LONGEST = 62  # lines of a card, but for its picture
LONGEST_DRAWN = 8  # lines of a picture as text
NAMES = [each.name for each in LAB.exercises]
WARNED: dict[str, list[object]] = {
    "ex01_losses": [2 * 2],
    "ex02_heads": [f"{math.e / (math.e + 9):.2f}"],
    "ex03_log_softmax": [f"{math.log(64):.2f}", f"{math.log(10):.2f}", "-0.10"],
    "ex05_backprop": [3 * (1 - 3)],
    "ex08_training_loop": [(0.7 + 0.3) / 2, round((0.7 + 0.3) / 128, 3)],
    "ex09_regression": [f"{(1 + 9) / 2:g}", (1 + 9) / 4],
    "ex10_prediction": [3 / 5, (3 / 4 + 0 / 1) / 2],
    "lab_training": [f"{math.log(64):.2f}"],
}


def text_of(name: str) -> str:
    """Return a card as its module has it."""
    source = (LAB.solutions / f"{name}.py").read_text("utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def part_of(name: str, heading: str) -> str:
    """Return what stands under a heading of a card."""
    _, found, behind = text_of(name).partition(f"\n{heading}\n{'-' * len(heading)}\n")
    assert found
    return re.split(r"\n.+\n-+\n", behind)[0]


def page_of(name: str) -> str:
    """Return where the documentation of a name is."""
    short = next((each for each in FULL if name.startswith(each)), "")
    full = FULL[short] + name.removeprefix(short) if short else name
    shared = ON_ONE_PAGE.get(full.rpartition(".")[0])
    return f"{shared}#{full}" if shared else f"{PYTORCH}generated/{full}.html"


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_short_and_has_all_its_parts(name: str) -> None:
    """Who reads it at midnight reads all of it."""
    headings = re.findall(r"^(.+)\n-+$", text_of(name), re.MULTILINE)

    drawn = part_of(name, "In a picture").splitlines()

    assert headings == ["You will need", "The idea", "In a picture", "Watch out", "How to check"]
    assert len(text_of(name).splitlines()) - len(drawn) <= LONGEST
    assert len("\n".join(drawn).strip("\n").splitlines()) <= LONGEST_DRAWN


@pytest.mark.parametrize("name", NAMES)
def test_what_a_student_will_need_is_there_and_linked(name: str) -> None:
    """Its link is that of its name, and the installed PyTorch has what the link names."""
    needed = re.findall(r"^    (\S+) +(https:\S+)$", part_of(name, "You will need"), re.MULTILINE)

    assert 4 <= len(needed) <= 7
    for named, address in needed:
        assert address == page_of(named)
        module, *path = re.split(r"[#/]", address.removesuffix(".html"))[-1].split(".")
        found: Any = import_module(module)
        for each in path:
            found = inspect.getattr_static(found, each)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_warns_of_two_mistakes_with_numbers(name: str) -> None:
    """In two lines at most each."""
    warnings = part_of(name, "Watch out").strip().removeprefix("- ").split("\n- ")

    assert len(warnings) == 2
    assert all(len(each.splitlines()) <= 2 for each in warnings)
    assert all(re.search(r"\d", each) for each in warnings)


@pytest.mark.parametrize("name", WARNED)
def test_the_numbers_of_the_warnings_are_right(name: str) -> None:
    """Computed here, and found in the text."""
    said = " ".join(part_of(name, "Watch out").split())

    assert [number for number in WARNED[name] if str(number) not in said] == []


def test_what_the_cards_say_of_gradients_and_of_tables_is_so() -> None:
    """`.grad` adds up in place, shapes become tables, and four steps end where they are said to."""
    weight = torch.ones(1, requires_grad=True)
    (3 * weight).sum().backward()
    kept = [weight.grad]
    (3 * weight).sum().backward()
    column, row = torch.zeros(3, 1), torch.zeros(3)
    batch = torch.softmax(torch.rand(4, 3), dim=0)
    ends = [3 - 3 * (1 - 2 * lr) ** 4 for lr in (0.4, 0.9, 1.1)]
    walked = part_of("ex07_descent", "Watch out")

    assert [each.item() for each in kept if each is not None] == [6.0]
    assert (column - row).shape == (3, 3)
    assert (torch.zeros(64, 1) == torch.zeros(64)).shape == (64, 64)
    assert nn.MSELoss()(torch.tensor([1.0, 3.0]), torch.zeros(2)).item() == 5
    torch.testing.assert_close(batch.sum(dim=1).mean(), torch.tensor(0.75))
    assert [f"{end:.4g}" for end in ends] == ["2.995", "1.771", "-3.221"]
    assert all(f"{end:.3g}" in walked for end in ends[1:])


CARD = '"""Title.\n\nText:\n\n    a  =  b / 2\n\n    nn.ReLU  https://a.b/relu\n\n    c = a\n"""\n'


def test_a_notebooks_card_has_links_and_formulas() -> None:
    """What is no formula and no link stays as it is."""
    shown = card(ast.parse(CARD), "hw1", {"a = b / 2": r"a = \frac{b}{2}"})

    assert shown == (
        "# Title\n\nText:\n\n$$a = \\frac{b}{2}$$\n\n- [nn.ReLU](https://a.b/relu)\n\n    c = a"
    )


def test_a_formula_that_is_not_in_the_card_is_told() -> None:
    """With the line that was meant."""
    with pytest.raises(
        AuthoringError, match="docstring of hw1 has no line 'a = b'; did you mean 'a"
    ):
        card(ast.parse(CARD), "hw1", {"a = b": "a"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[[hw2]]\nplain = 'a'\nlatex = 'a'", "line 2: there is no exercise 'hw2'; did you mean"),
        ("[[hw1]]\nplane = 'a'", "line 2: 'plane' is not known here; did you mean 'plain'?"),
        ("[[hw1]]\nplain = 'a'", "line 1: the formula has no 'latex'"),
        ("hw1 = 'a'", r"line 1: write a table `\[\[hw1\]\]` for each formula"),
    ],
)
def test_a_typo_in_the_formulas_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """And with what was meant."""
    (tmp_path / FILE).write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=said):
        read_formulas(tmp_path, ["hw1"])


def test_a_course_needs_no_formulas(tmp_path: Path) -> None:
    """Its cards stay text."""
    assert read_formulas(tmp_path, ["hw1"]) == {}
