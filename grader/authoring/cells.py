"""A whole notebook that is written as one Python file, cell after cell.

The file's docstring is the notebook's first cell. Each further cell begins with a line `# %% NAME`,
or `# %% [markdown] NAME` for a text, which stands in comments. A code cell with a marked region is
an answer cell, and its name is its `grade_id`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.authoring.card import card
from grader.authoring.notebook import (
    SAVE_FIRST,
    answer_cell,
    check_cell,
    code_cell,
    notebook_of,
    text_cell,
)
from grader.authoring.regions import BEGIN, END, AuthoringError, parse, spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

__all__ = ["Piece", "cell_at", "cells_laid_over", "make_cells_notebook", "pieces_of"]

HEADER = re.compile(r"# %% (?P<text>\[markdown\] )?(?P<name>[\w-]+)")


@dataclass(frozen=True)
class Piece:
    """A cell as it stands in the file.

    Attributes:
        line: its header's, 1-based.
        text: whether it is markdown.
    """

    name: str
    line: int
    text: bool
    lines: tuple[str, ...]

    @property
    def code(self) -> str:
        """Its lines, without blank ones around."""
        return "\n".join(self.lines).strip("\n")

    @property
    def words(self) -> str:
        """Its lines without the comment signs that a text stands behind."""
        bare = [line.removeprefix("#").removeprefix(" ") for line in self.lines]
        return "\n".join(bare).strip("\n")


def make_cells_notebook(
    source: str,
    name: str,
    formulas: Mapping[str, str] | None = None,
    picture: str = "",
    *,
    solved: bool = False,
) -> NotebookNode:
    """Make a notebook of a file of cells.

    Args:
        source: the file's text.
        name: the exercise's, for messages.
        formulas: of the card, as `card` takes them.
        picture: of the card, as `card` takes it.
        solved: whether the answers stay in it.

    Raises:
        AuthoringError: as `card`, or it is not Python, a marker is out of order, a header is none,
            two cells have one name, or no cell has an answer.
    """
    tree = parse(source, name)
    lines = source.splitlines()
    pieces = pieces_of(lines, name)
    if not spans(lines, name):
        raise AuthoringError(f"{name}.py:1", f"nothing to write: there is no {BEGIN!r} in it")
    cells = [_cell(piece, solved) for piece in pieces]
    card_cell = text_cell("card", card(tree, name, formulas or {}, picture))
    return notebook_of([card_cell, *cells, check_cell(name, SAVE_FIRST)])


def cells_laid_over(source: str, overlay: str, name: str) -> str:
    """Lay cells over those of a file: each takes the place of what the one of its name has marked.

    A cell without a marked region is replaced as a whole.

    Args:
        source: the file's text.
        overlay: the cells that differ, with their headers.
        name: the overlay's, for messages.

    Raises:
        AuthoringError: a header is none, two cells have one name, or the file has no such cell.
    """
    lines = source.splitlines()
    cells = {piece.name: piece for piece in pieces_of(lines, name)}
    new: dict[int, tuple[int, list[str]]] = {}
    for piece in pieces_of(overlay.splitlines(), name):
        if piece.name not in cells:
            reason = f"there is no cell {piece.name!r}; there are {', '.join(cells)}"
            raise AuthoringError(f"{name}.py:{piece.line}", reason)
        cell = cells[piece.name]
        marks = [cell.line + n for n, line in enumerate(cell.lines) if line in {BEGIN, END}]
        start, stop = (
            (marks[0] + 1, marks[-1]) if marks else (cell.line, cell.line + len(cell.lines))
        )
        text = piece.code.splitlines()
        new[start] = (stop, text if marks else [*text, ""])
    for start, (stop, text) in sorted(new.items(), reverse=True):
        lines[start:stop] = text
    return "\n".join(lines) + "\n"


def cell_at(line: int, source: str) -> str:
    """Return the name of the cell that a line, 1-based, is part of; nothing where none is."""
    before = map(HEADER.fullmatch, source.splitlines()[:line])
    return next((header["name"] for header in reversed([*before]) if header), "")


def pieces_of(lines: list[str], name: str) -> list[Piece]:
    """Cut a file at its headers.

    Args:
        lines: the file's.
        name: the exercise's, for messages.

    Raises:
        AuthoringError: a header is none, or two cells have one name.
    """
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    pieces: dict[str, Piece] = {}
    for start, stop in pairwise([*starts, len(lines)]):
        header = HEADER.fullmatch(lines[start])
        if header is None or header["name"] in pieces:
            reason = f"expected `# %% NAME` with a name of its own; this one is {lines[start]!r}"
            raise AuthoringError(f"{name}.py:{start + 1}", reason)
        body = tuple(lines[start + 1 : stop])
        pieces[header["name"]] = Piece(header["name"], start + 1, bool(header["text"]), body)
    return list(pieces.values())


def _cell(piece: Piece, solved: bool) -> dict[str, object]:
    if piece.text:
        return text_cell(piece.name, piece.words)
    lines = list(piece.lines)
    regions = [number for number, line in enumerate(lines) if line in {BEGIN, END}]
    for begin, end in zip(regions[-2::-2], regions[::-2], strict=True):
        lines[begin : end + 1] = lines[begin + 1 : end] if solved else _open(piece.name)
    text = "\n".join(lines).strip("\n")
    return answer_cell(piece.name, piece.name, text) if regions else code_cell(piece.name, text)


def _open(name: str) -> list[str]:
    return ["# YOUR CODE HERE", f'raise NotImplementedError("{name} is not written yet")']
