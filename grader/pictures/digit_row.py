"""Digits with the network's class probabilities beside them, as the lesson shows a prediction."""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import TYPE_CHECKING

from grader.pictures.shapes import Box, Drawing, Figure, Image, Key, Label
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.pictures.shapes import Shape
    from grader.results.pictures import Digit, DigitRow, Numbers

__all__ = ["digit_row"]

SIDE = 28
SLACK = 1e-4  # of float32
WIDTH, HEIGHT = 168, 124
INK = 58  # the image's side
LEFT, LONGEST, ROW = 84, 78, 12  # of the bars


def digit_row(picture: DigitRow) -> Figure:
    """Draw each digit with a bar for each class."""
    guesses = [_guess(digit.probabilities) for digit in picture.digits]
    right = sum(guess == digit.label for guess, digit in zip(guesses, picture.digits, strict=True))
    drawings = tuple(map(_drawing, picture.digits, guesses))
    count = plural(len(picture.digits), "digit")
    caption = f"The network recognises {right} of {count}."
    if not all(_are_probabilities(digit.probabilities) for digit in picture.digits):
        caption = "These are not probabilities: not every number lies between 0 and 1."
    return Figure("digits", caption, drawings, (Key("came", "probability of each class"),))


def _are_probabilities(numbers: Numbers) -> bool:
    return all(number is not None and -SLACK <= number <= 1 + SLACK for number in numbers)


def _guess(probabilities: Numbers) -> int | None:
    """Return the most probable class, if all are numbers."""
    known = [number for number in probabilities if number is not None]
    return probabilities.index(max(known)) if len(known) == len(probabilities) and known else None


def _drawing(digit: Digit, guess: int | None) -> Drawing:
    said = f"predicted as {guess}" if guess is not None else "no class: not every number is finite"
    return Drawing(
        title=f"A {digit.label}, {said}",
        description=_description(digit.probabilities),
        width=WIDTH,
        height=HEIGHT,
        shapes=tuple(_shapes(digit, guess)),
    )


def _description(probabilities: Numbers) -> str:
    return ", ".join(f"{label}: {_percent(p)}" for label, p in enumerate(probabilities)) + "."


def _percent(probability: float | None) -> str:
    return "no number" if probability is None else f"{100 * min(max(probability, -9), 9):.0f} %"


def _shapes(digit: Digit, guess: int | None) -> Iterator[Shape]:
    yield Box(1, 10, INK + 6, INK + 6, "paper")
    yield Image(4, 13, INK, ink(digit.pixels))
    right = guess == digit.label
    sign, css = ("\N{CHECK MARK}", "good") if right else ("\N{BALLOT X}", "bad")
    yield Label(1, INK + 34, f"shows {digit.label}", "tick")
    yield Label(1, INK + 50, f"{sign} {'no class' if guess is None else f'says {guess}'}", css)
    for label, probability in enumerate(digit.probabilities):
        y = 2 + ROW * label
        share = min(max(probability or 0.0, 0.0), 1.0)
        yield Label(LEFT - 6, y + 9, str(label), "tick", "end")
        yield Box(LEFT, y + 2, LONGEST, ROW - 4, "track")
        css = "came" if label == guess else "came faint"
        yield Box(LEFT, y + 2, round(share * LONGEST, 1), ROW - 4, css)


@cache
def ink(pixels: bytes) -> str:
    """Return pixels as a PNG of black ink on nothing, so that it lies on paper of any colour."""
    from PIL import Image as Pixels

    strength = Pixels.frombytes("L", (SIDE, SIDE), pixels.ljust(SIDE * SIDE, b"\0")[: SIDE * SIDE])
    image = Pixels.merge("LA", (Pixels.new("L", (SIDE, SIDE), 0), strength))
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
