"""Text that a guest may have written, made fit for a report."""

from __future__ import annotations

import re
from itertools import pairwise

from grader.text.characters import CONTROLS, LINE_ENDS, SURROGATES, TURNING, any_of, replaced

__all__ = ["discreet", "readable", "tensors_in", "values_in"]

STEERING = any_of(CONTROLS, SURROGATES, LINE_ENDS, TURNING)
LEFT_OUT = "…"
# Each of these is read in one go, whatever it is given: no character is tried twice.
PRINTED = re.compile(r"\b(tensor|array)\([\s\[]*+[-\d][^()]*+\)?")
ROW = re.compile(r"\[[-+\d.,e\s\[\]]++")
DECIMAL = re.compile(r"(?<![\d.])[\d.]++(?:e[-+]?+\d++)?+")
UNBROKEN = re.compile(r"\w{41,}+")  # no name is so long; hex digits may be anything
NUMBER = re.compile(r"\d++")
TELLING_ROW = 5  # numbers: shapes and places in a tensor have fewer
TELLING_DIGITS = 4  # of one number: learning rates, shares and seconds have fewer
TELLING_WHOLE = 8  # digits of a whole number: counts of parameters have fewer


def readable(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, none of which steers a terminal or a browser."""
    return replaced(STEERING, text[:limit])


def discreet(text: str) -> str:
    """Return a hidden test's message without data: printed tensors, rows, numbers of many digits.

    A submission raises what it likes, with what it was given in it. Shapes, places and counts stay.
    Takes time in proportion to the text's length, and the caller cuts the text first.
    """
    return UNBROKEN.sub(LEFT_OUT, DECIMAL.sub(_without_digits, _without_tensors(text)))


def values_in(text: str) -> bool:
    """Tell whether a text holds what `discreet` leaves out."""
    return discreet(text) != text


def tensors_in(text: str) -> bool:
    """Tell whether a text holds a printed tensor, or a row of numbers."""
    return _without_tensors(text) != text


def _without_tensors(text: str) -> str:
    return ROW.sub(_without_data, PRINTED.sub(rf"\1({LEFT_OUT})", text))


def _without_data(row: re.Match[str]) -> str:
    return row[0] if len(NUMBER.findall(row[0])) < TELLING_ROW else f"[{LEFT_OUT}]"


def _without_digits(run: re.Match[str]) -> str:
    """Keep what is whole, as the 3.11.7 of a version is; a decimal point may end a sentence."""
    mantissa, exponent, _ = run[0].partition("e")
    parts = mantissa.rstrip(".").split(".")
    if len(parts) == 1 and not exponent:
        return run[0] if len(mantissa) < TELLING_WHOLE else LEFT_OUT
    digits = [f"{whole}{rest}".lstrip("0") for whole, rest in pairwise([*parts, ""])]
    return run[0] if max(map(len, digits)) < TELLING_DIGITS else LEFT_OUT
