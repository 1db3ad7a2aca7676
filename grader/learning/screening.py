"""What code may not hold that is taken into a course, where it is run without a sandbox.

It may compute with what the solution computes with. It imports nothing, reaches no built-in that
does more than compute, and holds no text that the solution has not: so there is neither a file name
nor a person's name in it.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["bound_in", "names_in", "names_used", "refusals"]

LENGTH = 40  # characters of a name that a message shows
HARMLESS = {
    *("abs", "all", "any", "bool", "dict", "divmod", "enumerate", "float", "int", "isinstance"),
    *("len", "list", "map", "max", "min", "pow", "range", "reversed", "round", "set", "sorted"),
    *("sum", "tuple", "zip", "ValueError"),
}

# what has no business outside of a class, or sets something for all that the judge computes
REACHING = ("_", "set_", "use_", "manual_seed", "seed", "enable_", "disable_")


def refusals(functions: Sequence[ast.FunctionDef], solution: ast.Module) -> Iterator[str]:
    """Say what keeps functions from being taken.

    Args:
        functions: stripped already.
        solution: the module that they change.
    """
    texts: set[object] = {
        each.value for each in ast.walk(solution) if isinstance(each, ast.Constant)
    }
    own = names_in(solution)
    shared = own | {each.name for each in functions} | HARMLESS
    for function in functions:
        parts = list(ast.walk(function))
        made = {name for node in parts for name in bound_in(node)}
        if taken := sorted(name for name in made - own if hasattr(builtins, name)):
            yield f"it gives the built-in `{taken[0][:LENGTH]}` another meaning"
        known = shared | made
        yield from filter(None, (_refusal(node, known, texts) for node in parts))


def _refusal(node: ast.AST, known: set[str], texts: set[object]) -> str:
    match node:
        case ast.Import() | ast.ImportFrom():
            return "it imports something"
        case ast.JoinedStr():
            return "it makes a text"
        case ast.Constant(value=value) if not isinstance(value, int | float | None):
            return "" if value in texts else "it holds a text of the student's"
        case ast.Attribute(attr=name) if name.startswith(REACHING):
            return f"it uses `{name[:LENGTH]}`"
        case ast.Name(id=name, ctx=ast.Load()) if name not in known:
            kind = "the built-in" if hasattr(builtins, name) else "a name from elsewhere,"
            return f"it uses {kind} `{name[:LENGTH]}`"
        case _:
            return ""


def names_in(module: ast.Module) -> set[str]:
    """Return all names that stand in a module."""
    parts = list(ast.walk(module))
    imported = (
        (each.asname or each.name).partition(".")[0]
        for node in parts
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    )
    made = (name for node in parts for name in bound_in(node))
    return {*names_used(module), *imported, *made}


def names_used(node: ast.AST) -> set[str]:
    """Return the names that some code uses or makes."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def bound_in(node: ast.AST) -> Iterator[str]:
    """Give the names that a part of some code makes."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.FunctionDef):
        yield node.name
