"""What computes a mistake's answer: the changed function of a solution, written for a suite."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.learning.sites import Site

__all__ = ["Computing", "NotComputable", "changed_or_calling", "computing"]

SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
IMPORTS = ast.Import | ast.ImportFrom


class NotComputable(Exception):
    """A function that a suite can't compute by itself; the message says why."""


@dataclass(frozen=True)
class Computing:
    """What is written into a suite.

    Attributes:
        value: what stands in the dict of mistakes.
        helper: a function that the value calls, for the end of the suite; empty where it needs
            none.
    """

    value: str
    helper: str = ""


def computing(changed: str, site: Site, slug: str) -> Computing:
    """Return what computes a mistake's answer at a place of a suite.

    Args:
        changed: the text of the solution with the mistake.
        site: where the answer is compared.
        slug: what the mistake is called.

    Raises:
        NotComputable: the test asks for no function by its name, or that can't be moved into the
            suite.
    """
    body = ast.parse(changed).body
    known: dict[str, ast.stmt] = {
        name: node
        for node in body
        for name in _defined(node)
        if not isinstance(node, ast.ImportFrom) or node.module != "__future__"
    }
    function = known.get(site.function)
    if not isinstance(function, ast.FunctionDef):
        asked = f"no function `{site.function}`" if site.function else "no function by its name"
        raise NotComputable(f"the test asks for {asked} of the solution's")
    if function.name in _free(function):
        raise NotComputable(f"`{function.name}` calls itself")
    suite = ast.parse(site.suite)
    there = {name: ast.dump(node) for node in suite.body for name in _defined(node)}
    needed = _needed(function, known, there)
    if reason := next(filter(None, map(_why_not, (function, *needed))), ""):
        raise NotComputable(f"`{function.name}` {reason}")
    lone = _lone_expression(function)
    if lone and not needed and site.asked is None:
        return Computing(f"lambda {_parameters(function)}: {lone}")
    name = f"_{slug.replace('-', '_')}"
    value = name if site.asked is None else f"lambda: {name}({site.asked})"
    helper = _helper(function, needed, name, slug)
    if there.get(name) == ast.dump(ast.parse(helper).body[0]):  # another test has learned it
        return Computing(value)
    if name in there:
        raise NotComputable(f"the suite has another `{name}` already")
    return Computing(value, helper)


def changed_or_calling(solution: str, changed: str) -> list[str]:
    """Return the functions that differ from the solution's, then those that call one of them."""
    old, new = (
        {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
        for text in (solution, changed)
    )
    same = {name for name in new if name in old and ast.dump(old[name]) == ast.dump(new[name])}
    found = [name for name in new if name in old and name not in same]
    for name in found:  # which grows meanwhile
        found += [each for each in new if each not in found and name in _free(new[each])]
    return found


def _defined(node: ast.stmt) -> Iterator[str]:
    """Give the names that a statement of a module makes known."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, IMPORTS):
        yield from (each.asname or each.name.partition(".")[0] for each in node.names)
    elif isinstance(node, ast.Assign):
        yield from (each.id for each in node.targets if isinstance(each, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _needed(
    function: ast.FunctionDef, known: Mapping[str, ast.stmt], there: Mapping[str, str]
) -> list[ast.stmt]:
    """Return what else of the module a function uses, in the module's order.

    What the suite imports in the same way is there already.
    """
    found: dict[str, ast.stmt] = {}
    waiting = [*_free(function)]
    while waiting:
        name = waiting.pop()
        node = known.get(name)
        if node is None or name in found or node is function:
            continue
        if isinstance(node, IMPORTS) and there.get(name) == ast.dump(node):
            continue
        found[name] = node
        waiting += [] if isinstance(node, IMPORTS) else _free(node)
    return sorted({id(node): node for node in found.values()}.values(), key=lambda n: n.lineno)


def _free(node: ast.stmt) -> list[str]:
    """Return the names that a statement uses; annotations are not moved."""
    bare = _bare(node)
    return [
        each.id
        for each in ast.walk(bare)
        if isinstance(each, ast.Name) and not hasattr(builtins, each.id)
    ]


def _bare(node: ast.stmt) -> ast.stmt:
    """Return a copy without docstrings, decorators and the annotations of functions."""
    copy = ast.parse(ast.unparse(node)).body[0]
    for each in ast.walk(copy):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            each.returns, each.decorator_list = None, []
            if len(each.body) > 1 and ast.get_docstring(each, clean=False) is not None:
                del each.body[0]
        elif isinstance(each, ast.arg):
            each.annotation = None
    return copy


def _why_not(node: ast.stmt) -> str:
    """Say what keeps a statement from being moved into a suite, where it is run again and again.

    What changes its arguments would change what the submission is asked and compared with.
    """
    if isinstance(node, ast.ClassDef):
        return f"uses the class `{node.name}`"
    parts = list(ast.walk(node))
    if isinstance(node, ast.FunctionDef) and node.decorator_list:
        return "has a decorator"
    if any(isinstance(each, ast.Global | ast.Nonlocal | ast.Yield | ast.Await) for each in parts):
        return "keeps something between calls"
    if any(_changes_in_place(each) for each in parts):
        return "changes something in place"
    return ""


def _changes_in_place(node: ast.AST) -> bool:
    """Whether a part of a function may change what it was given."""
    if isinstance(node, ast.AugAssign):
        return True
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return True
    if isinstance(node, ast.keyword) and node.arg == "out":
        return True
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name = node.func.attr
    if name.startswith(("set_", "use_")):  # for all that is computed from then on
        return True
    return name in {
        "manual_seed",
        "append",
        "extend",
        "insert",
        "pop",
        "clear",
        "sort",
        "update",
        "backward",
    } or (name.endswith("_") and not name.endswith("__"))


def _lone_expression(function: ast.FunctionDef) -> str:
    """Return what a function returns that does nothing else; or nothing."""
    bare = _bare(function)
    only = bare.body if isinstance(bare, ast.FunctionDef) else []
    if len(only) == 1 and isinstance(only[0], ast.Return) and only[0].value:
        return ast.unparse(only[0].value)
    return ""


def _parameters(function: ast.FunctionDef) -> str:
    bare = _bare(function)
    return ast.unparse(bare.args) if isinstance(bare, ast.FunctionDef) else ""


def _helper(function: ast.FunctionDef, needed: list[ast.stmt], name: str, slug: str) -> str:
    """Return a function that computes the mistake, with what it needs inside."""
    bare = _bare(function)
    if not isinstance(bare, ast.FunctionDef):
        return ""
    bare.name = name
    said = ast.Expr(ast.Constant(f"Return what {slug} gives."))
    bare.body = [said, *map(_bare, needed), *bare.body]
    return ast.unparse(ast.fix_missing_locations(bare))
