"""Find in a student's code what a test asked for, to show it without all the rest.

Code is taken apart by its lines and never parsed: a parser can be made to hang or to crash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.verdicts import SourceCode

__all__ = ["Excerpt", "excerpt", "without_docstrings"]

MAX_CHARACTERS = 200_000  # of a file: what stands behind them is not looked at
MAX_LINES, MAX_LINE = 60, 200  # of what is shown: two of them have to fit side by side
LONGEST_CALL = 1_000  # characters in which names are looked for
NAME = re.compile(r"[^\W\d]\w*")
DEFINED = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
ASSIGNED = re.compile(r"(\w+)\s*[:=]")
GOES_ON = ("", "#", ")", "]", "}")  # what a line at the margin begins with and ends nothing
QUOTES = ('"""', "'''")


@dataclass(frozen=True)
class Excerpt:
    """A part of some code, without docstrings, and what is to be said of it."""

    text: str
    note: str = ""
    language: str = "python"


def excerpt(code: SourceCode, call: str) -> Excerpt:
    """Return the functions and classes of a student's that a call names.

    Of a name that is defined twice the last one counts, as in Python. Where none is found, it is
    the beginning of the code.

    Args:
        code: what was handed in.
        call: as a message has it: `step(model, lr=float)`, or the lines of a session.
    """
    lines = list(without_docstrings(code.text[:MAX_CHARACTERS].splitlines()))
    names = set(NAME.findall(call[:LONGEST_CALL]))
    blocks = list(_blocks(lines))
    for kind in (DEFINED, ASSIGNED):
        found = {name[1]: block for block in blocks if (name := _name(kind, block))}
        asked = [block for name, block in found.items() if name in names]
        if asked:
            whole = "\n\n\n".join("\n".join(block).rstrip() for block in asked)
            return _cut(whole.splitlines(), "", code.language)
    return _cut(lines, "Which function the test asks for is not clear.", code.language)


def _cut(lines: Sequence[str], note: str, language: str) -> Excerpt:
    shown = [line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]}..." for line in lines]
    if len(lines) > MAX_LINES:
        note = f"{note} Only the first {MAX_LINES} lines are shown.".strip()
    return Excerpt("\n".join(shown[:MAX_LINES]).strip("\n"), note, language)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Give the statements at the margin, each with its lines and what is decorated by it."""
    block: list[str] = []
    for line in lines:
        is_margin = line[:1] not in GOES_ON and not line[:1].isspace()
        if is_margin and block and not block[-1].startswith("@"):
            yield block
            block = []
        block.append(line)
    yield block


def _name(kind: re.Pattern[str], block: Sequence[str]) -> re.Match[str] | None:
    return next(filter(None, map(kind.match, block)), None)


def without_docstrings(lines: Sequence[str]) -> Iterator[str]:
    """Give the lines that are not in a string of three quotes which stands by itself.

    Students have these from the exercise, and most of a function's lines are in them.
    """
    quotes, held = "", list[str]()
    for line in lines:
        around, quotes = quotes, _open_after(line, quotes)
        if held or (not around and line.lstrip().startswith(QUOTES)):
            held.append(line)
            held = held if quotes else []
        else:
            yield line
    yield from held  # it has no end


def _open_after(line: str, quotes: str) -> str:
    """Return the quotes of the long string that is open after a line, if one is."""
    if quotes:
        return "" if line.count(quotes) % 2 else quotes
    return next((each for each in QUOTES if line.count(each) % 2), "")
