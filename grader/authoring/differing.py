"""What a file that was handed in changes in a solution: an edit, or what an overlay has to hold."""

from __future__ import annotations

import ast
import difflib
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["edit_between", "overlay_between"]

MOST_HUNKS = 2  # places that are changed: beyond, a function as a whole is easier to read
MOST_LINES = 3  # of a place
MAX_LINES = 5_000  # of a file: comparing takes time in their square


def edit_between(solution: str, wrong: str) -> tuple[str, ...]:
    """Return the texts that are replaced, each with what stands there instead: old, new, and so on.

    Returns:
        Nothing where the two are the same, or differ in more than a few lines.
    """
    own, other = solution.splitlines(), wrong.splitlines()
    hunks = _hunks(own, other)
    if not 0 < len(hunks) <= MOST_HUNKS:
        return ()
    edit: list[str] = []
    for (start, stop), (begin, end) in hunks:
        if max(stop - start, end - begin) > MOST_LINES:
            return ()
        found = _unique(solution, own, start, stop)
        if found is None:
            return ()
        before, after = own[found[0] : start], own[stop : found[1]]
        edit += [
            "\n".join(own[found[0] : found[1]]),
            "\n".join([*before, *other[begin:end], *after]),
        ]
    return tuple(edit)


def _hunks(
    own: Sequence[str], other: Sequence[str]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where the lines differ that are more than blanks and comments."""
    if max(len(own), len(other)) > MAX_LINES:
        raise UsageError(f"a file of more than {MAX_LINES:,} lines is not compared")
    matcher = difflib.SequenceMatcher(None, own, other, autojunk=False)
    return [
        ((start, stop), (begin, end))
        for tag, start, stop, begin, end in matcher.get_opcodes()
        if tag != "equal" and not _is_empty([*own[start:stop], *other[begin:end]])
    ]


def _is_empty(lines: Sequence[str]) -> bool:
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)


def _unique(text: str, lines: Sequence[str], start: int, stop: int) -> tuple[int, int] | None:
    """Return the lines around some that stand together only once in a text."""
    for wider in range(MOST_LINES + 1):
        first, last = max(start - wider, 0), min(stop + (wider if stop == start else 0), len(lines))
        piece = "\n".join(lines[first:last])
        if piece.strip() and text.count(piece) == 1:
            return first, last
    return None


def overlay_between(solution: str, wrong: str, about: str) -> str:
    """Return the functions, classes, imports and constants of a file that a solution has not so.

    Args:
        solution: the text of a module.
        wrong: the text of what was handed in.
        about: what the overlay says of itself.

    Returns:
        Nothing where the two do the same.

    Raises:
        UsageError: the file is not Python.
    """
    try:
        own, other = ast.parse(solution), ast.parse(wrong)
        known = {ast.dump(_bare(node)) for node in own.body}
        new = [node for node in other.body if ast.dump(_bare(node)) not in known]
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UsageError(f"what was handed in is not Python: {error}") from error
    lines = wrong.splitlines()
    pieces = [
        "\n".join(lines[_first_line(node) - 1 : node.end_lineno])
        for node in new
        if not _is_text(node)
    ]
    return "\n\n\n".join([f'"""{about}"""', *pieces]) + "\n" if pieces else ""


def _bare(node: ast.stmt) -> ast.stmt:
    """Return a statement without docstrings, which do nothing."""
    copy = ast.parse(ast.unparse(node)).body[0]
    for each in ast.walk(copy):
        body = getattr(each, "body", None)
        if isinstance(body, list) and len(body) > 1 and _is_text(body[0]):
            del body[0]
    return copy


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])
