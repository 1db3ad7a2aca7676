"""Number and colour the lines of a student's code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer, TextLexer

from grader.reports.wording import plural, printable

if TYPE_CHECKING:
    from grader.verdicts import SourceCode

__all__ = ["CodeLine", "CodeListing", "listing"]

MAX_LINES = 2_000  # a page stays light; a submission may have megabytes
MAX_CHARACTERS = 200_000  # the same, for a file that is one long line
# Characters that reorder a line, so that it reads other than it runs.
REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class CodeLine:
    """One line of code; `css` is `marked` where an error names it."""

    number: int
    html: Markup
    css: str


@dataclass(frozen=True)
class CodeListing:
    """Code ready to be shown, with what to say above it and, where it was cut, below."""

    summary: str
    lines: tuple[CodeLine, ...]
    cut: str


def listing(code: SourceCode) -> CodeListing:
    """Return the lines of some code, numbered as Python counts them."""
    text = REORDERING.sub("\N{REPLACEMENT CHARACTER}", printable(code.text)).removesuffix("\n")
    total = text.count("\n") + 1
    shown = "\n".join(text[:MAX_CHARACTERS].split("\n")[:MAX_LINES])
    lines = tuple(
        CodeLine(number, Markup(html), "marked" if number in code.marked_lines else "")  # noqa: S704 - Pygments escapes
        for number, html in enumerate(_html_lines(shown, code.language), start=1)
    )
    cut = "" if shown == text else f"The listing stops here; the file has {plural(total, 'line')}."
    return CodeListing(f"The code that was graded, {plural(total, 'line')}", lines, cut)


def _html_lines(text: str, language: str) -> list[str]:
    kind = PythonLexer if language == "python" else TextLexer
    html = highlight(text, kind(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return html.removesuffix("\n").split("\n") if not text.endswith("\n") else html.split("\n")
