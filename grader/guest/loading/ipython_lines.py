"""IPython's own lines in a cell or a module: what they run is kept, the rest is set aside.

Only lines that Python stumbles over are touched: `%d` or `!` may also be part of a string or an
expression. Each line stays one line, so that numbers of lines stay true.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

__all__ = ["PlainPython", "line_in_the_way", "plain_python"]

MAX_LINES = 100  # that are set aside in one piece of code; each costs a parse of it
MAX_LOOKED_AT = 500  # characters of a line; no statement of a lesson is longer
# what stands in the last cell of every notebook that was given out, and is no news in a report
CHECK_COMMANDS = ("%load_ext grader.desk", "%check ", "!python -m grader check", "!grader check")
CELLS_THAT_RUN = ("%%time", "%%capture", "%%prun")  # what follows them is a cell like any other
HELP = re.compile(r"[\w.]+\?\??")
# `%time f()` and `x = %time f()` run f and keep x; `%timeit` and the like keep nothing
RUNS = re.compile(r"(?P<before>[^=!%]+=\s*|)%(?:time|prun(?:\s+-[qr]|\s+-[DlsT]\s*\S+)*)\s+(?=\S)")
ASSIGNS = re.compile(r"(?P<names>[^=!%]+)=\s*[!%]")
NAME = re.compile(r"[^\W\d]\w*")


@dataclass
class PlainPython:
    """Code without IPython's lines.

    Attributes:
        notes: what was set aside, as sentences.
        absent: the names that a line would have given a value to, and which line that is.
    """

    text: str
    notes: list[str] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)


def plain_python(text: str, label: str, *, cell: bool) -> PlainPython:
    """Take IPython's lines out of code that Python can't parse; it may be in vain.

    Args:
        text: the code.
        label: how a note names it.
        cell: whether it is a notebook's cell, which may be of another language as a whole.
    """
    lines = _without_indent(text.split("\n")) if cell else text.split("\n")
    magic = next(iter(text.split(maxsplit=1)), "")
    if cell and magic.startswith("%%") and magic not in CELLS_THAT_RUN:
        note = f"{label}: the cell begins with {magic[:60]}, so it was not run"
        return PlainPython("\n".join(f"# {line}" for line in lines), [note])
    plain = PlainPython("")
    for _ in range(MAX_LINES):
        place = line_in_the_way("\n".join(lines)) - 1
        if not (0 <= place < len(lines) and _is_ipythons(lines[place].strip())):
            break
        _set_aside(lines, place, label, plain)
    plain.text = "\n".join(lines)
    return plain


def _without_indent(lines: list[str]) -> list[str]:
    """Move a cell that is indented as a whole to the left, as IPython does."""
    first = next(filter(str.strip, lines), "")
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines]


def line_in_the_way(text: str) -> int:
    """Return the number of the line that Python stumbles over, from 1; 0 for none."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def _is_ipythons(line: str) -> bool:
    line = line[:MAX_LOOKED_AT]
    begins = line.startswith(("%", "!", "?", "pip install "))
    return begins or bool(HELP.fullmatch(line) or ASSIGNS.match(line))


def _set_aside(lines: list[str], place: int, label: str, plain: PlainPython) -> None:
    """Replace a line of IPython's, with those that a backslash joins to it, and say so."""
    bare = lines[place].strip()
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    if runs := RUNS.match(bare[:MAX_LOOKED_AT]):
        lines[place] = f"{indent}{runs['before']}{bare[runs.end() :]}"
        return
    if bare.split(maxsplit=1)[0] in CELLS_THAT_RUN:
        lines[place] = f"# {bare}"
        return
    goes_on = bare.endswith("\\")
    lines[place] = f"{indent}pass  # {bare}"
    while goes_on and place + 1 < len(lines):
        place += 1
        goes_on = lines[place].endswith("\\")
        lines[place] = f"# {lines[place]}"
    if bare.startswith(CHECK_COMMANDS):
        return
    plain.notes.append(f"{label}: `{bare[:60]}` was set aside, not run")
    if assigns := ASSIGNS.match(bare[:MAX_LOOKED_AT]):
        why = f"`{bare[:60]}` was set aside"
        plain.absent |= dict.fromkeys(NAME.findall(assigns["names"]), why)
