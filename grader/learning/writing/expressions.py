"""What computes a mistake's answer: the changed function of a solution, written for a suite."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, cast

from grader.learning.bare import bare
from grader.learning.writing.questions import asked_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from grader.learning.writing.sites import Site

__all__ = ["Computing", "NotComputable", "asking", "changed_or_calling", "computing"]

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
    known = _known(changed)
    function = known.get(site.function)
    if not isinstance(function, ast.FunctionDef):
        asked = f"no function `{site.function}`" if site.function else "no function by its name"
        raise NotComputable(f"the test asks for {asked} of the solution's")
    if function.name in _free(function):
        raise NotComputable(f"`{function.name}` calls itself")
    there = _there(site.suite)
    needed = _needed([function], known, there)
    if reason := next(filter(None, map(_why_not, (function, *needed))), ""):
        raise NotComputable(f"`{function.name}` {reason}")
    lone = _lone_expression(function)
    if lone and not needed and site.asked is None:
        return Computing(f"lambda {ast.unparse(bare(function).args)}: {lone}")
    name, helper = _named(f"_{slug.replace('-', '_')}", there, _computes(function, needed, slug))
    value = name if site.asked is None else f"lambda: {name}({site.asked})"
    return Computing(value, helper)


def asking(changed: str, site: Site, slug: str, reached: Container[str]) -> Computing:
    """Return what asks a submission with the mistake, at a place of a suite, as the test asks.

    Args:
        changed: the text of the solution with the mistake.
        site: where the answer is compared.
        slug: what the mistake is called.
        reached: the functions that the test runs.

    Raises:
        NotComputable: what is compared there comes from no question that can be asked again, or the
            functions can't be moved into the suite.
    """
    known, there = _known(changed), _there(site.suite)
    functions = [each for name, each in known.items() if name in reached]
    if not functions:
        raise NotComputable(
            "the test runs no function of the solution, only a cell or a file's lines"
        )
    needed = _needed(functions, known, there)
    for each in (*functions, *needed):
        if any(isinstance(part, ast.Global) or _is_lasting(part) for part in ast.walk(each)):
            raise NotComputable("the solution sets something for all that is computed from then on")
    name, helper = _named(
        f"_with_{slug.replace('-', '_')}", there, _submission(functions, needed, slug)
    )
    value = asked_of(f"{name}()", site)
    if not value:
        raise NotComputable("what the test compares comes from no question that it asks once")
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


def _known(module: str) -> dict[str, ast.stmt]:
    """Return what a module makes known, by its names."""
    return {
        name: node
        for node in ast.parse(module).body
        for name in _defined(node)
        if not isinstance(node, ast.ImportFrom) or node.module != "__future__"
    }


def _there(suite: str) -> dict[str, str]:
    """Return what a suite makes known, likewise."""
    return {name: ast.dump(node) for node in ast.parse(suite).body for name in _defined(node)}


def _named(name: str, there: Mapping[str, str], helper: ast.FunctionDef) -> tuple[str, str]:
    """Return what a helper is called in a suite, and its text; none if the suite has it already.

    Another test may have learned the mistake, and what it has there may be something else.
    """

    def text_of(called: str) -> str:
        helper.name = called
        return ast.unparse(ast.fix_missing_locations(helper))

    def is_free(called: str) -> bool:
        parsed = ast.parse(text_of(called)).body[0]
        return called not in there or there[called] == ast.dump(parsed)

    numbered = (f"{name}_{place}" for place in count(2))
    called = next(each for each in chain([name], numbered) if is_free(each))
    return called, "" if called in there else text_of(called)


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
    functions: Iterable[ast.stmt], known: Mapping[str, ast.stmt], there: Mapping[str, str]
) -> list[ast.stmt]:
    """Return what else of the module some functions use, in the module's order.

    What the suite imports in the same way is there already.
    """
    given = list(functions)
    found: dict[str, ast.stmt] = {}
    waiting = [name for each in given for name in _free(each)]
    while waiting:
        name = waiting.pop()
        node = known.get(name)
        if node is None or name in found or node in given:
            continue
        if isinstance(node, IMPORTS) and there.get(name) == ast.dump(node):
            continue
        found[name] = node
        waiting += [] if isinstance(node, IMPORTS) else _free(node)
    return _in_order(found.values())


def _in_order(nodes: Iterable[ast.stmt]) -> list[ast.stmt]:
    return sorted({id(node): node for node in nodes}.values(), key=lambda node: node.lineno)


def _free(node: ast.stmt) -> list[str]:
    """Return the names that a statement uses; annotations are not moved."""
    return [
        each.id
        for each in ast.walk(bare(node))
        if isinstance(each, ast.Name) and not hasattr(builtins, each.id)
    ]


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
    return (
        _is_lasting(node)
        or name
        in {
            "manual_seed",
            "append",
            "extend",
            "insert",
            "pop",
            "clear",
            "sort",
            "update",
            "backward",
        }
        or (name.endswith("_") and not name.endswith("__"))
    )


def _is_lasting(node: ast.AST) -> bool:
    """Whether a part of a function may set something for all that is computed from then on."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr.startswith(("set_", "use_"))


def _lone_expression(function: ast.FunctionDef) -> str:
    """Return what a function returns that does nothing else; or nothing."""
    only = bare(function).body
    if len(only) == 1 and isinstance(only[0], ast.Return) and only[0].value:
        return ast.unparse(only[0].value)
    return ""


def _computes(function: ast.FunctionDef, needed: list[ast.stmt], slug: str) -> ast.FunctionDef:
    """Return a function that computes the mistake, with what it needs inside."""
    copy = bare(function)
    said = ast.Expr(ast.Constant(f"Return what {slug} gives."))
    copy.body = [said, *map(bare, needed), *copy.body]
    return copy


def _submission(functions: list[ast.stmt], needed: list[ast.stmt], slug: str) -> ast.FunctionDef:
    """Return a function that gives a submission with the mistake."""
    names = [each.name for each in functions if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    given = ", ".join(f"{name}={name}" for name in names)
    text = (
        f"def helper():\n    'Return a submission with {slug}.'\n"
        f"    from grader.suite import student_with\n    return student_with({given})"
    )
    helper = cast("ast.FunctionDef", ast.parse(text).body[0])
    helper.body[2:2] = map(bare, _in_order([*functions, *needed]))
    return helper
