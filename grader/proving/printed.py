"""What of a notebook is there for its prints alone: no test sees it, and a try takes a training."""

from __future__ import annotations

import ast
from collections import Counter

__all__ = ["differs_in_prints_alone"]

PRINTS = {"print", "show_curves", "show_digits", "show_table"}  # and the pictures of `grader.play`


def differs_in_prints_alone(solution: str, mutant: str) -> bool:
    """Whether two notebooks do the same but for what they print, and add up to print it.

    A number that is only added up and printed is none that a task asks for.
    """
    tree = ast.parse(solution)
    added_up = {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    names: set[str] = set()
    while more := {name for name in added_up - names if _is_read_for_prints(name, names, tree)}:
        names |= more
    return _without(names, solution) == _without(names, mutant)


def _is_read_for_prints(name: str, names: set[str], tree: ast.AST) -> bool:
    """Whether a name is read in prints alone, and in what gives other such names a value."""
    aside = [node for node in ast.walk(tree) if _is_print(node) or _gives(node, names)]
    for_prints = sum(_reads(node)[name] for node in aside)
    return 0 < _reads(tree)[name] == for_prints


def _reads(tree: ast.AST) -> Counter[str]:
    """Count how often each name is read in some code."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Counter(node.id for node in names if isinstance(node.ctx, ast.Load))


def _is_print(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) in PRINTS


def _without(names: set[str], source: str) -> str:
    """Return what code does besides prints, and what it gives some names."""
    return ast.dump(_Rest(names).visit(ast.parse(source)))


class _Rest(ast.NodeTransformer):
    """Leaves prints out, what some names are given, and `pass`."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST | None:  # type: ignore[override] # drops it
        if _is_print(node) or isinstance(node, ast.Pass) or _gives(node, self._names):
            return None
        return super().generic_visit(node)


def _gives(node: ast.AST, names: set[str]) -> bool:
    """Whether a statement does nothing but to give one of some names a value."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    else:
        targets = [node.target] if isinstance(node, ast.AugAssign) else []
    named = [each.id for each in targets if isinstance(each, ast.Name)]
    return bool(targets) and len(named) == len(targets) and names.issuperset(named)
