"""A message as a page shows it: sentences, code, what came beside what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.results.message import Message, Value

__all__ = ["Comparison", "MessageView", "Paragraph", "message_view"]

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
class MessageView:
    """A message, and the sentence of its recognised mistake, which stands by itself."""

    paragraphs: tuple[Paragraph, ...]
    comparison: Comparison | None
    mistake: str


def message_view(message: Message, sentence: str, places: Mapping[str, str]) -> MessageView:
    """Return what a page shows of a test's message.

    Args:
        message: what the test said.
        sentence: of the recognised mistake, if one was; else empty.
        places: places in the code as messages name them, and their addresses on the page.
    """
    told = message.told.split("\n")
    lines = [line for line in told if line.strip() and line != sentence]
    href = {message.where: places.get(message.where, "")}
    came, expected = message.came, message.expected
    comparison = _comparison(came, expected) if came and expected else None
    return MessageView(_paragraphs(lines, href), comparison, sentence)


def _paragraphs(lines: Sequence[str], places: Mapping[str, str]) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    for as_written, group in groupby(lines, key=lambda line: bool(AS_WRITTEN.match(line))):
        if as_written:
            found.append(Paragraph(dedent("\n".join(group)), as_written, ""))
        else:
            found.extend(Paragraph(line, as_written, places.get(line, "")) for line in group)
    return tuple(found)


def _comparison(came: Value, expected: Value) -> Comparison:
    if came.numbers is None or expected.numbers is None:
        return Comparison(came.text, expected.text, (), "")
    if came.kind != expected.kind:
        return Comparison(_shortened(came), _shortened(expected), (), "")
    numbers = _numbers(came.numbers, expected.numbers, came.columns)
    if len(numbers) == 1:
        return Comparison(numbers[0].came, numbers[0].expected, (), "")
    first = next((place for place, each in enumerate(numbers) if each.css), 0)
    start = max(min(first - 1, len(numbers) - COLUMNS), 0)
    shown = numbers[start : start + COLUMNS]
    cut = len(numbers) > len(shown) or came.cut or expected.cut
    more = f"; {COLUMNS} of its numbers are shown" if cut else ""
    return Comparison(came.kind, expected.kind, tuple(shown), came.kind + more)


def _shortened(side: Value) -> str:
    """Say what kind of thing a side is, and the first of its numbers."""
    numbers = side.numbers or ()
    few = replace(
        side, numbers=numbers[:COLUMNS], cut=side.cut or len(numbers) > COLUMNS, columns=0
    )
    return few.text


def _numbers(came: Sequence[str], expected: Sequence[str], columns: int) -> list[Number]:
    """Put numbers side by side: of one kind, they are as many."""
    return [
        Number(_place(number, columns), mine, right, "" if _same(mine, right) else "differs")
        for number, (mine, right) in enumerate(zip(came, expected, strict=True))
    ]


def _place(number: int, columns: int) -> str:
    """Say where a number stands: in a matrix, in which row and column."""
    return f"{number // columns}, {number % columns}" if columns else str(number)


def _same(mine: str, right: str) -> bool:
    try:
        came, expected = float(mine), float(right)
    except ValueError:
        return mine == right
    return abs(came - expected) <= CLOSE * max(abs(expected), CLOSE)
