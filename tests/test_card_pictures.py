"""The pictures of cards: where they stand, what they may be, and that their numbers are right."""

from __future__ import annotations

import ast
import math
import re
from base64 import b64decode
from html import unescape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import nbformat
import pytest
import torch
from test_cards import part_of
from test_terms import found_in
from the_lab import LAB

from grader.authoring import AuthoringError, stale_stubs, write_stubs
from grader.authoring.card import SVG, card
from grader.courses import Course, Exercise

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 6_000
EXERCISES = [each for each in LAB.exercises if not each.files]
IMAGE = re.compile(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">')
SOLUTION = '''"""Halving.

In a picture
------------

    8 -> 4

The end.
"""


def half(x):
    """Halve."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
'''
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg"><title>Half of "8"\nis 4.</title></svg>'


def descended(lr: float, steps: int = 3) -> list[float]:
    """Go down (x - 3)^2 from 0."""
    xs = [torch.tensor(0.0)]
    for _ in range(steps):
        x = xs[-1].clone().requires_grad_()
        (slope,) = torch.autograd.grad((x - 3) ** 2, x)
        xs.append(xs[-1] - lr * slope)
    return [x.item() for x in xs]


def gradients_of_a_mean() -> list[object]:
    """Give each number of ex04's graph, forward and backward."""
    x = torch.tensor([1.0, 3.0], requires_grad=True)
    squares = x**2
    squares.retain_grad()
    squares.mean().backward()
    assert x.grad is not None
    assert squares.grad is not None
    assert squares.grad.tolist() == [1 / 2, 1 / 2]
    return [f"{each:g}" for each in (*x.tolist(), *squares.tolist(), *x.grad.tolist())]


def gradients_of_a_chain() -> list[object]:
    """Give each number of ex05's chain, forward and backward."""
    hidden = (torch.tensor(2.0) * 0.5 - 1).requires_grad_()
    squashed = torch.sigmoid(hidden)
    answer = squashed * 4 + 0
    loss = (answer - 1) ** 2 / 2
    slopes = torch.autograd.grad(loss, (answer, squashed, hidden))
    assert [slope.item() for slope in slopes] == [1, 4, 4 * 1 / 4]
    return [f"{each.item():g}" for each in (hidden, squashed, answer, loss)]


def squared_errors_of_a_bent_line() -> list[object]:
    """Give what ex09's line misses, and the loss."""
    x, targets = torch.tensor([1.0, 3.0]), torch.tensor([3.0, 5.0])
    answers = 1 + torch.relu(x) - 2 * torch.relu(x - 2)
    loss = torch.nn.MSELoss()(answers, targets)
    return [f"{each:g}" for each in (*(targets - answers).tolist(), loss.item())]


SCORES = torch.tensor([2.0, 1.0, 0.0])
COUNTED = [[10, 0, 0], [2, 7, 1], [0, 1, 9]]
NUMBERS: dict[str, list[object]] = {
    "ex01_losses": [
        *(e * e for e in (1, 2, 4)),
        (1 + 4 + 16) / (2 * 3),
        *(f"{-math.log(p):.2f}" for p in (0.01, 0.5, 0.99)),
    ],
    "ex02_heads": [
        f"{torch.sigmoid(SCORES[0]):.2f}",
        *(f"{p:.2f}" for p in torch.softmax(SCORES, dim=0)),
    ],
    "ex03_log_softmax": [
        f"{torch.logsumexp(SCORES, dim=0):.2f}",
        *(f"{each:.2f}" for each in torch.log_softmax(SCORES, dim=0)),
        *(f"{p:.2f}" for p in torch.softmax(SCORES, dim=0)),
        f"is {-torch.log_softmax(SCORES, dim=0)[1]:.2f}",
    ],
    "ex04_autograd": gradients_of_a_mean(),
    "ex05_backprop": gradients_of_a_chain(),
    "ex06_manual_update": [f"{1.0 - 0.1 * 0.5:.2f}", "1.00"],
    "ex07_descent": [f"{x:g}" for lr in (0.25, 1.0) for x in descended(lr)],
    "ex08_training_loop": [f"/ 4 = {(0.9 + 0.7 + 0.5 + 0.3) / 4:.1f}"],
    "ex09_regression": squared_errors_of_a_bent_line(),
    "ex10_prediction": [
        *(number for row in COUNTED for number in row),
        f"/ {sum(map(sum, COUNTED))} = {(10 + 7 + 9) / sum(map(sum, COUNTED)):.2f}",
    ],
    "lab_training": [
        f"{math.log(10):.2f}",
        f"{784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10:,}",
    ],
}


def drawn(exercise: Exercise) -> ET.Element:
    """Return a picture."""
    return ET.fromstring(exercise.picture.read_bytes())  # noqa: S314 - our own


def words_of(root: ET.Element) -> str:
    """Return what stands in a picture, with the signs of a keyboard."""
    words = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    return words.replace("\N{MINUS SIGN}", "-")


def stands_in(number: object, text: str) -> bool:
    """Tell whether a number stands in a text as one, and not as a part of another."""
    return bool(re.search(rf"(?<![\d.]){re.escape(str(number))}(?![\d]|\.\d)", text))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_card_of_the_lab_has_its_picture(exercise: Exercise) -> None:
    """Small, with a ground of its own, words for those who do not see it, and in the notebook."""
    content = exercise.picture.read_bytes()
    root = drawn(exercise)
    ground = root.find(f"{SVG}rect")
    cell = nbformat.read(LAB.stubs / f"{exercise.name}.ipynb", 4).cells[0].source
    ((alternative, image),) = IMAGE.findall(cell)

    assert len(content) < MOST_BYTES
    assert ground is not None
    assert [ground.get(side) for side in ("width", "height")] == (
        [root.get(side) for side in ("width", "height")]
    )
    assert len(alternative) > 100
    assert unescape(alternative) == root.findtext(f"{SVG}title")
    assert b64decode(image) == content
    assert not found_in(f"{alternative} {words_of(root)}")
    assert part_of(exercise.name, "In a picture").strip() in cell


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_numbers_of_a_picture_are_right(exercise: Exercise) -> None:
    """Computed here, and found in the picture and in its text."""
    texts = [words_of(drawn(exercise)), part_of(exercise.name, "In a picture")]
    shown = [" ".join(text.split()) for text in texts]

    assert NUMBERS[exercise.name]
    assert [
        each for each in NUMBERS[exercise.name] for text in shown if not stands_in(each, text)
    ] == []


def test_the_steps_down_the_parabola_lie_on_it() -> None:
    """Each dot is where its step ends, to half a pixel."""
    dots = [
        (float(each.get("cx", 0)), float(each.get("cy", 0)))
        for each in drawn(LAB.exercise_named("ex07")).iter(f"{SVG}circle")
    ]
    left = dots[0][0], dots[4][0]
    expected = [
        (left[side] + 36 * x, 170 - 12 * (x - 3) ** 2)
        for side, lr in enumerate((0.25, 1.0))
        for x in dict.fromkeys(descended(lr))
    ]

    torch.testing.assert_close(torch.tensor(dots), torch.tensor(expected), atol=0.5, rtol=0)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course of one exercise with a picture, and its notebook."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "hw9_half.py").write_text(SOLUTION, encoding="utf-8")
    (tmp_path / "pictures" / "hw9_half.svg").write_text(DRAWN, encoding="utf-8")
    half = Exercise("hw9_half", "Half", tmp_path)
    made = Course("A course", (half,), tmp_path, tmp_path, tmp_path / "exercises", tmp_path)
    write_stubs(made)
    return made


def test_a_picture_stands_where_the_module_has_its_text(course: Course) -> None:
    """What is around it stays; a changed picture makes the notebook stale, and nothing else."""
    notebook = nbformat.read(course.stubs / "hw9_half.ipynb", 4)
    text = notebook.cells[0].source
    course.exercises[0].picture.write_text(DRAWN.replace("is 4", "is four"), encoding="utf-8")

    assert re.sub('base64,[^"]+', "", text) == (
        "# Halving\n\nIn a picture\n------------\n\n"
        '<img alt="Half of &quot;8&quot; is 4." src="data:image/svg+xml;">\n\n'
        "<details><summary>The same as text</summary>\n\n    8 -> 4\n\n</details>\n\nThe end."
    )
    assert "    8 -> 4\n\nThe end." in (course.stubs / "hw9_half.py").read_text("utf-8")
    assert stale_stubs(course) == [course.stubs / "hw9_half.ipynb"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<svg", "this is no SVG: unclosed token: line 1"),
        ("<p/>", "this is no SVG: it begins with 'p'"),
        (DRAWN.replace('Half of "8"\nis 4.', " "), "there is no <title>"),
        (DRAWN.replace("</svg>", " " * 20_000), "expected 20,000 bytes at most"),
    ],
)
def test_what_can_be_no_picture_is_refused(course: Course, text: str, reason: str) -> None:
    """The message begins with the file."""
    course.exercises[0].picture.write_text(text, encoding="utf-8")

    with pytest.raises(AuthoringError, match=rf"^pictures/hw9_half.svg: {re.escape(reason)}"):
        write_stubs(course)


@pytest.mark.parametrize("text", ["Title.", "Title.\n\nIn a picture\n------------\nNone.\n"])
def test_a_picture_that_no_text_says_is_refused(text: str) -> None:
    """A module has no other."""
    with pytest.raises(AuthoringError, match="docstring has no section 'In a picture'"):
        card(ast.parse(f'"""{text}"""'), "hw9_half", {}, "<img>")


@pytest.mark.parametrize("name", ["hw9_haf.svg", "hw9_half.png"])
def test_a_picture_of_no_exercise_is_refused(course: Course, name: str) -> None:
    """As after a typo in its name."""
    course.exercises[0].picture.rename(course.folder / "pictures" / name)

    with pytest.raises(AuthoringError, match=f"^pictures/{name}: no exercise of this name"):
        write_stubs(course)
