"""`book.toml`, beside the hand-ins: what each counts, and who is who where ids do not tell.

title = "Neural networks, autumn 2026"
drop_lowest = 1            # of each student, the hand-in with the lowest percentage
order = "graded"           # when they were graded; without it they are in order of their names

[weights]                  # without it, each hand-in counts its own points
week1 = 10
week2 = 20

[same.week2]               # in week2, 4711 is the student whose id is ana
4711 = "ana"
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from grader.courses.declared.strict import StrictFile, meant, read_text
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from grader.courses.declared.strict import Place
    from grader.errors import UsageError

__all__ = ["FILE", "Order", "Settings", "read_settings"]

FILE = "book.toml"


class Order(StrEnum):
    """By what hand-ins are ordered."""

    NAME = "name"
    GRADED = "graded"


class _Book(msgspec.Struct, forbid_unknown_fields=True):
    """What may stand at the top."""

    title: Annotated[str, msgspec.Meta(max_length=200)] = ""
    drop_lowest: Annotated[int, msgspec.Meta(ge=0)] = 0
    order: Order = Order.NAME
    weights: dict[str, Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]] = {}
    same: dict[str, dict[str, Annotated[str, msgspec.Meta(min_length=1)]]] = {}


EXPECTED = {
    "title": "a line of text",
    "drop_lowest": "how many hand-ins are dropped: 0, 1, 2",
    "order": '"name" or "graded"',
    "weights": "a table `[weights]` of hand-ins and what each counts, like { week1 = 10 }",
    "same": 'a table `[same.HAND-IN]` for each, of ids and whose they are, like { 4711 = "ana" }',
}


class Settings:
    """What an instructor wants; without a file, nothing in particular.

    Attributes:
        title: what the book is called, or empty.
        drop_lowest: how many hand-ins do not count, the lowest of each student.
        weights: what each hand-in counts; empty where each counts its own points.
        same: of a hand-in, which id is whose in the others.
    """

    def __init__(self, file: StrictFile, said: _Book) -> None:
        self._file = file
        self.title = printable(said.title).strip()
        self.drop_lowest = said.drop_lowest
        self.order = said.order
        self.weights: Mapping[str, float] = said.weights
        self.same: Mapping[str, Mapping[str, str]] = said.same

    def require_known(self, hand_ins: Collection[str]) -> None:
        """Refuse a hand-in without a weight where others have one, and one that is not there.

        Weights may be those of hand-ins that are still to come.

        Raises:
            UsageError: the message names the line, and what may be meant.
        """
        for name in self.same:
            if name not in hand_ins:
                words = f"there is no hand-in {name!r}; {meant(name, hand_ins)}"
                raise self.error(("same", name), words)
        without = [name for name in hand_ins if name not in self.weights]
        if self.weights and without:
            close = get_close_matches(without[0], self.unused(hand_ins), 1)
            hint = f"; is it {close[0]!r} here?" if close else ": give each hand-in one, or none"
            raise self.error(("weights",), f"the hand-in {without[0]!r} has no weight{hint}")
        if self.weights and not any(self.weights[name] for name in hand_ins):
            raise self.error(("weights",), "all weights are 0, so there is no total")

    def unused(self, hand_ins: Collection[str]) -> list[str]:
        """Return which weights are of no hand-in that is there."""
        return [name for name in self.weights if name not in hand_ins]

    def error(self, place: Place, words: str) -> UsageError:
        """Return what is raised about something in the file."""
        return self._file.error(place, words)


def read_settings(folder: Path) -> Settings:
    """Read the settings of a folder's book.

    Raises:
        UsageError: the file can't be read; the message names the line, and what was meant.
    """
    path = folder / FILE
    try:
        file = StrictFile(path, read_text(path))
    except FileNotFoundError:
        return Settings(StrictFile(path, ""), _Book())
    table: dict[str, Any] = file.parse()
    file.check(table, _Book, (), EXPECTED, "the book")
    return Settings(file, msgspec.convert(table, _Book))
