"""Number and colour the lines of a student's code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.reports.colouring import coloured_lines
from grader.reports.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.verdicts import SourceCode

__all__ = ["CodeListing", "Stretch", "code_stretches", "listing", "without_reordering"]

MAX_LINES = 2_000  # a page stays light; a submission may have megabytes
MAX_CHARACTERS = 200_000  # the same, for a file that is one long line
# Characters that reorder a line, so that it reads other than it runs.
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Stretch:
    """Lines of code with their numbers in front; one that an error names is alone, with an anchor.

    What is not marked stays together: a template that goes through every line takes its time.
    """

    html: Markup
    anchor: str


@dataclass(frozen=True)
class CodeListing:
    """Code ready to be shown, with what to say above it and, where it was cut, below."""

    summary: str
    stretches: tuple[Stretch, ...]
    cut: str


def listing(code: SourceCode, anchors: Mapping[int, str]) -> CodeListing:
    """Return the lines of some code, numbered as Python counts them.

    Args:
        code: what was handed in.
        anchors: lines to be marked, and the names that they have on the page.
    """
    text = without_reordering(code.text).removesuffix("\n")
    total = text.count("\n") + 1
    shown = "\n".join(text[:MAX_CHARACTERS].split("\n")[:MAX_LINES])
    stretches = _numbered(shown, code.language, anchors)
    cut = "" if shown == text else f"The listing stops here; the file has {plural(total, 'line')}."
    return CodeListing(f"The code that was graded, {plural(total, 'line')}", stretches, cut)


def without_reordering(text: str) -> str:
    """Return a text without control characters, in which nothing reads other than it runs."""
    return REORDERING.sub("\N{REPLACEMENT CHARACTER}", printable(text))


def code_stretches(text: str, language: str, anchors: Mapping[int, str]) -> tuple[Stretch, ...]:
    """Return lines of code from 1 on; those are marked that have an anchor."""
    return _numbered(without_reordering(text).removesuffix("\n"), language, anchors)


def _numbered(shown: str, language: str, anchors: Mapping[int, str]) -> tuple[Stretch, ...]:
    lines = [
        f'<span class="no">{number}</span>{html}\n'
        for number, html in enumerate(coloured_lines(shown, language), start=1)
    ]
    return tuple(_stretches(lines, anchors))


def _stretches(lines: Sequence[str], anchors: Mapping[int, str]) -> Iterator[Stretch]:
    before = 0
    for number in sorted(each for each in anchors if 0 < each <= len(lines)):
        if before < number - 1:
            yield _stretch(lines[before : number - 1])
        yield _stretch(lines[number - 1 : number], anchors[number])
        before = number
    if before < len(lines):
        yield _stretch(lines[before:])


def _stretch(lines: Sequence[str], anchor: str = "") -> Stretch:
    return Stretch(Markup("".join(lines)), anchor)  # noqa: S704 - Pygments escapes
