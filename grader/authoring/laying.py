"""What differs, laid over a solution: a function by its name, a method inside its class.

What the solution has, too, takes its place there. An import that is new stands behind the others;
anything else that is new stands before what follows it in the overlay, or at the end.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["laid_over"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class _Part:
    """A statement, with its decorators and the comments right above it.

    Attributes:
        start: its first line in the file, from 0.
        lines: its text.
        gap: what stands between it and the next.
    """

    node: ast.stmt
    start: int
    lines: list[str]
    gap: list[str]

    @property
    def names(self) -> set[str]:
        """What it makes known; an import is looked at as a whole."""
        if isinstance(self.node, Function | ast.ClassDef):
            return {self.node.name}
        if isinstance(self.node, ast.Assign | ast.AnnAssign):
            nodes = (node for node in ast.walk(self.node) if isinstance(node, ast.Name))
            return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}
        return set()


def laid_over(solution: str, overlay: str) -> str:
    """Lay an overlay over a solution.

    Args:
        solution: the text of a module.
        overlay: the functions, classes, imports and constants that differ; of a class the methods
            that do. Its docstring is for who reads it.

    Returns:
        The text of the module that somebody would hand in.

    Raises:
        SyntaxError: one of them is not Python.
    """
    own, over = (_parts(text.splitlines(), ast.parse(text).body) for text in (solution, overlay))
    if not own:
        return overlay
    head = solution.splitlines()[: own[0].start]
    return "\n".join([*head, *_laid(own, over)]).rstrip("\n") + "\n"


def _parts(lines: Sequence[str], body: Sequence[ast.stmt], first: int = 0) -> list[_Part]:
    """Cut lines, whose first has a number in the file, into statements."""
    starts = [_start(lines, node, first) for node in body]
    stops = [(node.end_lineno or 0) - first for node in body]
    return [
        _Part(node, start + first, [*lines[start:stop]], [*lines[stop:following]])
        for node, start, stop, following in zip(
            body, starts, stops, [*starts[1:], len(lines)], strict=True
        )
    ]


def _start(lines: Sequence[str], node: ast.stmt, first: int) -> int:
    """Return in which of the lines a statement starts with what belongs to it."""
    decorators = node.decorator_list if isinstance(node, Function | ast.ClassDef) else []
    start = min([node.lineno, *(each.lineno for each in decorators)]) - 1 - first
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _laid(own: list[_Part], over: list[_Part]) -> list[str]:
    """Return the lines of a body with those of another laid over it."""
    own = _with_imports(own, [part for part in over if isinstance(part.node, Import)])
    texts = [part.lines for part in own]
    waiting: list[str] = []
    changed: set[int] = set()
    for part in over:
        place = next((n for n, each in enumerate(own) if each.names & part.names), None)
        if isinstance(part.node, Import) or (part is over[0] and _is_docstring(part.node)):
            continue
        if place is None:
            waiting += [*part.lines, *part.gap]
            continue
        stays = place in changed or not own[place].names <= part.names
        text = [*texts[place], "", *part.lines] if stays else _replaced(own[place], part)
        texts[place] = [*waiting, *text]
        changed.add(place)
        waiting = []
    laid = [line for text, part in zip(texts, own, strict=True) for line in (*text, *part.gap)]
    return [*laid, "", "", *waiting] if waiting else laid


def _with_imports(own: list[_Part], imports: list[_Part]) -> list[_Part]:
    """Add the imports that a body does not have behind its own, or behind its docstring."""
    known = {ast.dump(part.node) for part in own}
    new = [line for part in imports if ast.dump(part.node) not in known for line in part.lines]
    if not new:
        return own
    place = max((n for n, part in enumerate(own) if isinstance(part.node, Import)), default=0)
    at, lines = own[place].node, own[place].lines
    if isinstance(at, Import):
        lines = [*lines, *new]
    else:
        lines = [*lines, "", *new] if _is_docstring(at) else [*new, "", "", *lines]
    return [*own[:place], replace(own[place], lines=lines), *own[place + 1 :]]


def _replaced(own: _Part, part: _Part) -> list[str]:
    """Return what takes the place of a statement; of a class, what is not there again stays."""
    if not isinstance(own.node, ast.ClassDef) or not isinstance(part.node, ast.ClassDef):
        return part.lines
    methods = _parts(own.lines, own.node.body, own.start)
    over = _parts(part.lines, part.node.body, part.start)
    head = part.lines[: over[0].start - part.start]
    is_in_one_line = not head or methods[0].start == own.start
    return part.lines if is_in_one_line else [*head, *_laid(methods, over)]


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
