"""Functions that are written and then defined once more, by the stub that was given out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["hidden_by_stubs"]


def hidden_by_stubs(texts: Sequence[str], *, notebook: bool) -> list[str]:
    """Say which functions have an answer that a stub behind it takes the name of.

    Args:
        texts: a module, or a notebook's cells.
        notebook: which of the two.
    """
    if not any(NotImplementedError.__name__ in text for text in texts):
        return []  # no stub is left, and the code need not be parsed once more
    defined: dict[str, list[tuple[str, bool]]] = {}
    for number, text in enumerate(texts, start=1):
        for function in _functions(text):
            place = f"cell {number}" if notebook else f"line {function.lineno}"
            defined.setdefault(function.name, []).append((place, _is_stub(function)))
    return [
        f"{name} is defined {_times(len(places))}; the last one, in {places[-1][0]}, is the stub "
        "that was given out. Delete it, or move your code there."
        for name, places in defined.items()
        if places[-1][1] and not all(stub for _, stub in places)
    ]


def _functions(text: str) -> Iterator[ast.FunctionDef]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from (node for node in body if isinstance(node, ast.FunctionDef))


def _is_stub(function: ast.FunctionDef) -> bool:
    """Whether a function is a docstring and a `raise NotImplementedError`."""
    *before, last = function.body
    if not isinstance(last, ast.Raise) or any(not isinstance(each, ast.Expr) for each in before):
        return False
    error = last.exc.func if isinstance(last.exc, ast.Call) else last.exc
    return isinstance(error, ast.Name) and error.id == NotImplementedError.__name__


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"
