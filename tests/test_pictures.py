"""Pictures: what their captions say, and that no number breaks a drawing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from grader.pictures import figure_of, markup
from grader.pictures.scales import Scale, said, ticks
from grader.results.pictures import (
    Confusion,
    Descent,
    Digit,
    DigitRow,
    Gradient,
    GradientBars,
    LossCurves,
    Picture,
    ProbabilityShares,
)

if TYPE_CHECKING:
    from grader.pictures.shapes import Dot

HILL = tuple((x / 10, x * x / 100) for x in range(-10, 11))
RIGHT_WALK = ((-1.0, 1.0), (-0.5, 0.25))
PIXELS = bytes(28 * 28)
CAPTIONS: dict[str, Picture] = {
    "They differ from batch 2: yours is 1.9, the reference's 1.5.": LossCurves(
        (2.0, 1.9), (2.0, 1.5), "batch"
    ),
    "They differ from the first batch: yours is 3, the reference's 2.": LossCurves(
        (3.0,), (2.0,), "batch"
    ),
    "Your losses match the reference, epoch by epoch.": LossCurves((2.0, 1.0), (2.0, 1.0), "epoch"),
    "You gave 1 number; the reference gives 2.": LossCurves((2.0,), (2.0, 1.0), "epoch"),
    "They differ from epoch 2: yours is no number, the reference's 1.": LossCurves(
        (2.0, None), (2.0, 1.0), "epoch"
    ),
    "after step 1 your position is 3, the right one is −0.5.": Descent(
        "x²", HILL, ((-1.0, 1.0), (3.0, 9.0)), RIGHT_WALK
    ),
    "you returned 1 position; the right list has 2.": Descent(
        "x²", HILL, RIGHT_WALK[:1], RIGHT_WALK
    ),
    "all your steps are right; they end at −0.5.": Descent("x²", HILL, RIGHT_WALK, RIGHT_WALK),
    "dW1 is not right; db1 is.": GradientBars(
        (
            Gradient("dW1", "(2,)", (1.0, 2.0), (2.0, 4.0), right=False),
            Gradient("db1", "(1,)", (1.0,), (1.0,), right=True),
        )
    ),
    "Wrong counts (framed): 2. The first: row 0, column 1 has 3, and 0 is right.": Confusion(
        ((1, 3), (0, 1)), ((1, 0), (3, 1))
    ),
    "3 of 5 images are recognised. Most often misclassified: 0 as 1 (2).": Confusion(
        ((1, 2), (0, 2))
    ),
    "The network recognises 1 of 1 digit.": DigitRow(
        (Digit(PIXELS, 3, (0.0, 0.0, 0.0, 1.0) + (0.0,) * 6),)
    ),
    "These are not probabilities: not every number lies between 0 and 1.": DigitRow(
        (Digit(PIXELS, 3, (-2.3,) * 10),)
    ),
    "A row is one example, and each row sums to 1.": ProbabilityShares(((0.5, 0.5), (1.0, 0.0))),
    "Here each column does: it looks as if softmax ran over the batch (dim=0).": ProbabilityShares(
        ((0.9, 0.5), (0.1, 0.5))
    ),
    "Here the rows sum to 1.50, no number.": ProbabilityShares(((1.0, 0.5), (None, 0.5))),
}
HUGE = (
    LossCurves((1.0, 9e11, -9e11), (1.0, 1.0, 1.0), "batch"),
    LossCurves((0.0,), (0.0,), "batch"),
    Descent("x²", HILL, ((9e11, 9e11),), RIGHT_WALK),
    Descent("x²", HILL, (), RIGHT_WALK),
    GradientBars((Gradient("dW", "(2,)", (9e11, None), (0.0, 0.0), right=False),)),
    Confusion(((999_999, -99_999), (0, 0))),
    DigitRow((Digit(b"", 3, (9e11, -9e11) + (None,) * 8),)),
    ProbabilityShares(((9e11, -9e11), (0.0, None))),
)


@pytest.mark.parametrize("caption", CAPTIONS)
def test_a_caption_says_what_can_be_seen(caption: str) -> None:
    """Each picture says in a sentence what the reader is to see in it."""
    assert caption in figure_of(CAPTIONS[caption]).caption


@pytest.mark.parametrize("picture", HUGE)
def test_no_number_leaves_the_drawing(picture: Picture) -> None:
    """Whatever came, every position is finite and lies inside of its box."""
    for drawing in figure_of(picture).drawings:
        numbers = re.findall(r"\b[xyr]=([^,]+)|[ML]([-\d.]+) ([-\d.]+)", repr(drawing.shapes))
        positions = [float(number) for found in numbers for number in found if number]

        assert positions
        assert all(-10 <= each <= max(drawing.width, drawing.height) for each in positions)


def test_the_first_step_apart_is_ringed() -> None:
    """A ring is around the student's loss where the curves part, and nowhere else."""
    (drawing,) = figure_of(LossCurves((2.0, 1.9, 1.8), (2.0, 1.5, 1.0), "batch")).drawings
    dots: list[Dot] = [shape for shape in drawing.shapes if shape.kind == "dot"]  # type: ignore[misc]
    rings = [dot for dot in dots if dot.css == "parting"]

    assert len(rings) == 1
    assert rings[0].x == [dot.x for dot in dots if dot.css == "came"][1]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *[(None, "no number"), (2.30259, "2.3"), (-0.5, "−0.5"), (1e-9, "almost 0"), (0.0, "0")],
        *[(12345.6, "12,346"), (9e11, "more than 100,000"), (-9e11, "less than −100,000")],
    ],
)
def test_numbers_are_said_in_few_digits(value: float | None, words: str) -> None:
    """No picture has a wall of digits, or a number in the notation of programs."""
    assert words == said(value)


def test_ticks_are_round_and_few() -> None:
    """An axis has numbers that people count in, also where nothing differs."""
    assert ticks(0.31, 2.9) == [1, 2]
    assert ticks(-2, 8, 6) == [-2, 0, 2, 4, 6, 8]
    assert ticks(1, 1) == [1]
    assert Scale(1, 1, 0, 10)(1) == 5


def test_a_name_that_came_from_a_submission_is_text() -> None:
    """What looks like a tag is shown as it was written."""
    gradient = Gradient("<img src=x>", "(1,)", (1.0,), (1.0,), right=True)

    html = markup(figure_of(GradientBars((gradient,))), "here")

    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html
