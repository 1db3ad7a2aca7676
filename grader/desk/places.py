"""Where in a file the reason for a failed check is likely to be."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.desk.records import Place
from grader.guest.loading.sources import (
    Cell,
    Source,
    UnreadableSourceError,
    read_files,
    read_source,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.judge.loading.on_disk import Work
    from grader.results.message import Message

__all__ = ["place_to_edit", "pointed_in", "source_of"]

CALL = re.compile(r"`([^`]*)`")  # code in what a message says was called
NAME = re.compile(r"[A-Za-z_]\w*")


def source_of(file: Path, work: Work, home: Path) -> Source:
    """Read a student's code, and name its pieces as the student does.

    Args:
        file: where the code is; of several files, one of them.
        work: what was read there.
        home: the folder that the paths of several files begin in.

    Returns:
        The source, with nothing in it where it can't be read.
    """
    if work.parts:
        code = _code_of(work)
        return _named(read_files(code), [_from_here(home / name) for name, _ in code])
    try:
        source = read_source(file.name, work.content, notebook=file.suffix == ".ipynb")
    except UnreadableSourceError:
        return Source("", (), notebook=False)
    if source.notebook:
        return _named(source, [f"{file}, cell {n}" for n, _ in enumerate(source.cells, start=1)])
    return _named(source, [str(file)])


def _code_of(work: Work) -> list[tuple[str, bytes]]:
    return [(part.name, part.content) for part in work.parts if part.name.endswith(".py")]


def pointed_in(file: Path, work: Work, said: str) -> str:
    """Return the line that is no Python, and below it a caret; nothing where there is none.

    Args:
        file: where the code is; of several files, one of them.
        work: what was read there.
        said: why it can't be read; of several files it begins with the name of the one.
    """
    if work.parts:
        cells = read_files(_code_of(work)).cells
        broken = (each.broken for each in cells if each.broken and said.startswith(each.label))
        return next((each.pointed for each in broken), "")
    try:
        read_source(file.name, work.content, notebook=file.suffix == ".ipynb")
    except UnreadableSourceError as error:
        return error.pointed
    return ""


def _named(source: Source, labels: Iterable[str]) -> Source:
    cells = zip(source.cells, labels, strict=True)
    return replace(source, cells=tuple(replace(cell, label=label) for cell, label in cells))


def _from_here(file: Path) -> str:
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def place_to_edit(source: Source, otherwise: str, message: Message, line: int, cell: str) -> Place:
    """Return the line that an error names, or the function that was called, or the answer cell.

    Args:
        source: the student's code.
        otherwise: what to name where none of them is known.
        message: of the failed check.
        line: of the source as one text, 0 for none.
        cell: the answer cell that the check is about, empty for none.
    """
    if line:
        return _place_of_line(source, otherwise, line)
    called = CALL.search(message.call or message.said)
    for name in NAME.findall(called[1]) if called else ():
        for place, defined in _functions(source):
            if name == defined:
                return place
    for each in source.cells:
        if cell and each.grade_id == cell:
            return Place(each.label, 1, cell=True)
    return Place(otherwise)


def _place_of_line(source: Source, otherwise: str, line: int) -> Place:
    for cell in reversed(source.cells):
        if cell.first_line < line:
            return Place(cell.label, line - cell.first_line, cell=source.notebook)
    return Place(otherwise, line)


def _functions(source: Source) -> Iterator[tuple[Place, str]]:
    """Go through the functions, the last of a name first: it is the one that counts."""
    for cell in reversed(source.cells):
        for node in reversed(_body(cell)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield Place(cell.label, _first_line(node), cell=source.notebook), node.name


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    """Return the first line of a function's body behind its docstring; of a class its own."""
    if isinstance(node, ast.ClassDef):
        return node.lineno
    behind = node.body[1:] if ast.get_docstring(node) else node.body
    return (behind or node.body)[0].lineno


def _body(cell: Cell) -> list[ast.stmt]:
    try:
        return ast.parse(cell.text).body
    except (SyntaxError, ValueError, RecursionError):
        return []
