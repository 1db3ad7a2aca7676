"""What of some code computes: without texts, prints and annotations."""

from __future__ import annotations

import ast
from typing import TypeVar, cast

__all__ = ["bare"]

Statement = TypeVar("Statement", bound=ast.stmt)


def bare(node: Statement) -> Statement:
    """Return a copy of a statement without what computes nothing, in it and in all inside."""
    copy = ast.parse(ast.unparse(node)).body[0]
    for each in ast.walk(copy):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            each.returns = None
        elif isinstance(each, ast.arg):
            each.annotation = None
        body = getattr(each, "body", None)
        if isinstance(body, list):
            each.body = [line for line in body if not _does_nothing(line)] or [ast.Pass()]  # type: ignore[attr-defined] # it has one
    return cast("Statement", copy)


def _does_nothing(node: ast.AST) -> bool:
    """Whether a line is a text, or prints."""
    value = node.value if isinstance(node, ast.Expr) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "print"
    return isinstance(value, ast.Constant)
