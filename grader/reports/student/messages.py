"""Take a message apart for a page: sentences, code, what came beside what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Comparison", "Message", "Paragraph", "message"]

SIDE = re.compile(r"(came back|expected): +(.*)")
VALUES = re.compile(r"(.*?)\s*\[([^\[\]]*)\]")
AS_WRITTEN = re.compile(r"  |.*\S  +\S")  # code, and the rows of a table
COLUMNS = 6  # numbers side by side: what a narrow screen holds
CLOSE = 1e-3  # of a number that is shown with five digits


@dataclass(frozen=True)
class Paragraph:
    """Some lines.

    Attributes:
        as_written: whether they keep their spaces and are set in a fixed width.
        href: where a line leads that names a place in the code.
    """

    text: str
    as_written: bool
    href: str


@dataclass(frozen=True)
class Number:
    """One column of a comparison: a place, what came there and what is right."""

    place: str
    came: str
    expected: str
    css: str


@dataclass(frozen=True)
class Comparison:
    """What came beside what was expected.

    Attributes:
        came: what kind of thing came, or all of it where it is no list of numbers.
        numbers: a few of them, from shortly before the first that differs on.
        kinds: what these are numbers of.
    """

    came: str
    expected: str
    numbers: tuple[Number, ...]
    kinds: str


@dataclass(frozen=True)
class Message:
    """A message, taken apart."""

    paragraphs: tuple[Paragraph, ...]
    comparison: Comparison | None
    mistake: str


def message(text: str, sentence: str, places: Mapping[str, str]) -> Message:
    """Take a test's message apart; the sentence of its recognised mistake stands by itself.

    Args:
        text: the message.
        sentence: of the recognised mistake, if one was; else empty.
        places: lines that name a place in the code, and their address on the page.
    """
    lines = [line for line in text.split("\n") if line.strip() and line != sentence]
    sides = {found[1]: found[2] for line in lines if (found := SIDE.fullmatch(line))}
    complete = len(sides) == 2
    rest = [line for line in lines if not (complete and SIDE.fullmatch(line))]
    comparison = _comparison(sides["came back"], sides["expected"]) if complete else None
    return Message(_paragraphs(rest, places), comparison, sentence)


def _paragraphs(lines: Sequence[str], places: Mapping[str, str]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    for as_written, group in groupby(lines, key=lambda line: bool(AS_WRITTEN.match(line))):
        if as_written:
            found.append(Paragraph(dedent("\n".join(group)), as_written, ""))
        else:
            found.extend(Paragraph(line, as_written, places.get(line, "")) for line in group)
    return tuple(found)


def _comparison(came: str, expected: str) -> Comparison:
    mine, right = VALUES.fullmatch(came), VALUES.fullmatch(expected)
    if not mine or not right:
        return Comparison(came, expected, (), "")
    if mine[1] != right[1]:
        return Comparison(_shortened(mine), _shortened(right), (), "")
    numbers = _numbers(mine[2].split(", "), right[2].split(", "))
    if len(numbers) == 1:
        return Comparison(mine[2], right[2], (), "")
    first = next((place for place, each in enumerate(numbers) if each.css), 0)
    start = max(min(first - 1, len(numbers) - COLUMNS), 0)
    shown = numbers[start : start + COLUMNS]
    cut = len(numbers) > len(shown) or "…" in mine[2] + right[2]
    more = f"; {COLUMNS} of its numbers are shown" if cut else ""
    return Comparison(mine[1], right[1], tuple(shown), mine[1] + more)


def _shortened(side: re.Match[str]) -> str:
    """Say what kind of thing a side is, and the first of its numbers."""
    values = side[2].split(", ")
    return f"{side[1]} [{', '.join(values[:COLUMNS])}{', …' if len(values) > COLUMNS else ''}]"


def _numbers(came: Sequence[str], expected: Sequence[str]) -> list[Number]:
    """Put numbers side by side, as many as the longer list has."""
    longer = max(len(came), len(expected))
    pairs = zip(_filled(came, longer), _filled(expected, longer), strict=True)
    return [
        Number(str(place), mine, right, "" if _same(mine, right) else "differs")
        for place, (mine, right) in enumerate(pairs)
        if "…" not in (mine, right)
    ]


def _filled(values: Sequence[str], length: int) -> list[str]:
    return [*values, *["–"] * (length - len(values))]


def _same(mine: str, right: str) -> bool:
    try:
        came, expected = float(mine), float(right)
    except ValueError:
        return mine == right
    return abs(came - expected) <= CLOSE * max(abs(expected), CLOSE)
