"""What a hidden test's message leaves out, and which characters no reader gets as they are."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from grader.text import characters
from grader.text.words import discreet, readable, values_in

GRADER = Path(characters.__file__).parents[1]

KEPT = [
    "`f((5, 3) float64, lr)` returned (5, 10) float32: 50 of 50 differ, the first at [0, 0].",
    "it gave no answer within 2.5 s; 34% of 1000 digits; the loss is 0.02 of it; lr=0.003",
    "Expected target size [5, 4], got [5]",
    "its parameters have the shapes [(128, 784), (128,), (64, 128), (64,), (10, 64)]",
    "ex03.py:14 in version 3.11.7",
    "tensor(s) of x",
]
LEFT_OUT = {
    "ValueError: tensor([[0.1, -2.0],\n        [1.0, 2.0]], dtype=torch.float64)": "tensor(…)",
    "bad labels [3, 0, 3, 1, 0]": "bad labels […]",
    "rows [[0.5, 0.2], [1, 2], [3, 4]] came": "rows […]",
    "x is array([1. , 2. ])": "array(…)",
    "the loss was 0.31271": "was …",
    "it is -1.2345e-05": "is -…",
    "tensor([1., 2": "tensor(…)",
    "it is 1.2.34567": "is …",
    "there are 123456789": "are …",
    f"bytes {'0f3a' * 12}": "bytes …",
}


@pytest.mark.parametrize("message", KEPT)
def test_shapes_places_and_counts_stay(message: str) -> None:
    """What a message says of a property is no data."""
    assert message == discreet(message)
    assert not values_in(message)


@pytest.mark.parametrize("message", LEFT_OUT)
def test_data_are_left_out(message: str) -> None:
    """Printed tensors, rows of numbers, and numbers with many digits may be a hidden test's."""
    assert LEFT_OUT[message] in discreet(message)
    assert values_in(message)
    assert not values_in(discreet(message))


@pytest.mark.parametrize("text", ["1", "[", " ", "\\", "1,", "[1 ", "1.", "tensor(", "e1"])
def test_long_messages_cost_little(text: str) -> None:
    """A submission's own exception may be long and odd; it is read in one go."""
    assert len(discreet(text * (200_000 // len(text)))) <= 200_000


EVERY = [chr(point) for point in range(0x110000)]
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # as Unicode names them


@pytest.mark.parametrize(
    ("ranges", "kinds"),
    [
        ((characters.CONTROLS, characters.LAYOUT), {"Cc"}),
        ((characters.SURROGATES,), {"Cs"}),
        ((characters.LINE_ENDS,), {"Zl", "Zp"}),
    ],
)
def test_the_table_holds_all_of_a_kind(ranges: tuple[str, ...], kinds: set[str]) -> None:
    """Its ranges are those of Unicode."""
    of_kind = [each for each in EVERY if unicodedata.category(each) in kinds]

    assert of_kind == list(filter(characters.any_of(*ranges).match, EVERY))


def test_the_table_holds_all_that_turns_a_text() -> None:
    """None of them is left to make a line read other than it is."""
    turning = [each for each in EVERY if unicodedata.bidirectional(each) in TURNING]

    assert turning == list(filter(characters.any_of(characters.TURNING).match, EVERY))


def test_the_table_is_the_only_one() -> None:
    """Who needs such a range takes it from there."""
    own = [file.name for file in GRADER.rglob("*.py") if "202a" in file.read_text("utf-8").lower()]

    assert own == ["characters.py"]


def test_what_steers_shows_that_it_was_there() -> None:
    """A message keeps its lines and its length."""
    assert readable("a\x1bb\n\tc\u202e\ud800 and more", 8) == "a\ufffdb\n\tc\ufffd\ufffd"
