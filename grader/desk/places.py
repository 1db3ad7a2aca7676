"""Where in a file the reason for a failed check is likely to be."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.desk.records import Place
from grader.guest.sources import Cell, Source, UnreadableSourceError, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["place_to_edit"]

CALL = re.compile(r"`([^`]*)`")  # a message names what was called before it says anything else
NAME = re.compile(r"[A-Za-z_]\w*")


def place_to_edit(file: Path, content: bytes, message: str, line: int, cell: str) -> Place:
    """Return the line that an error names, or the function that was called, or the answer cell.

    Args:
        file: as the student calls it.
        content: what was checked.
        message: of the failed check.
        line: of the source as one text, 0 for none.
        cell: the answer cell that the check is about, empty for none.
    """
    source = _source_of(file, content)
    if line:
        return _place_of_line(file, source, line)
    called = CALL.search(message)
    for name in NAME.findall(called[1]) if called else ():
        for place, defined in _functions(file, source):
            if name == defined:
                return place
    for number, each in enumerate(source.cells, start=1):
        if cell and each.grade_id == cell:
            return Place(str(file), 1, number)
    return Place(str(file))


def _source_of(file: Path, content: bytes) -> Source:
    try:
        return read_source(file.name, content, notebook=file.suffix == ".ipynb")
    except UnreadableSourceError:
        return Source("", (), notebook=False)


def _place_of_line(file: Path, source: Source, line: int) -> Place:
    if source.notebook:
        for number, cell in reversed(list(enumerate(source.cells, start=1))):
            if cell.first_line < line:
                return Place(str(file), line - cell.first_line, number)
    return Place(str(file), line)


def _functions(file: Path, source: Source) -> Iterator[tuple[Place, str]]:
    """Go through the functions of a file, the last of a name first: it is the one that counts."""
    for number, cell in reversed(list(enumerate(source.cells, start=1))):
        for node in reversed(_body(cell)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield Place(str(file), node.lineno, number if source.notebook else 0), node.name


def _body(cell: Cell) -> list[ast.stmt]:
    try:
        return ast.parse(cell.text).body
    except (SyntaxError, ValueError, RecursionError):
        return []
