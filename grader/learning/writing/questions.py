"""What a test asks its student, written down for another one.

Where a test compares what a probe or a session returns, or a part of that, a mistake's answer is
what the same question gives for a submission with the mistake.
"""

from __future__ import annotations

import ast
from copy import deepcopy
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.learning.writing.sites import Site

__all__ = ["asked_of", "bindings"]

STUDENT, CASES = "student", "cases"


def asked_of(other: str, site: Site) -> str:
    """Return what gives another student's answer at a place of a suite, as mistakes stand there.

    Args:
        other: an expression for the other student.
        site: where the answer is compared.

    Returns:
        A function of the case, or without arguments where one answer is compared; empty where no
        such question can be found.
    """
    known = {name: value for name, value in bindings(site.test).items() if value is not None}
    asks = {name: value for name, value in known.items() if _asks(value, known)}
    asks[STUDENT] = ast.parse(other, mode="eval").body
    if not _asks(site.compared, known):
        return ""
    if site.asked is not None:
        return f"lambda: {ast.unparse(_with(site.compared, asks))}"
    return _of_cases(site, known, asks)


def bindings(test: ast.FunctionDef) -> dict[str, ast.expr | None]:
    """Return what the names of a test stand for; None for one that is assigned twice."""
    found: dict[str, ast.expr | None] = {}
    for node in ast.walk(test):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        for name, value in _assigned(node.targets[0], node.value):
            found[name] = None if name in found else value
    return found


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Give the names of an assignment, also of several at once, with what each stands for."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        for place, name in enumerate(target.elts):
            item: ast.expr = ast.Subscript(value, ast.Constant(place), ast.Load())
            if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
                item = value.elts[place]
            yield from _assigned(name, item)


def _of_cases(site: Site, known: Mapping[str, ast.expr], asks: Mapping[str, ast.expr]) -> str:
    """Return the function of a case that gives the other student's answer to it."""
    compared = site.compared
    while isinstance(compared, ast.Name) and compared.id in asks:
        compared = asks[compared.id]
    if isinstance(compared, ast.ListComp):
        return _of_each(compared, site, known, asks)
    text = ast.unparse(_with(compared, asks))
    if isinstance(compared, ast.Lambda):
        return text
    if not isinstance(compared, ast.Attribute | ast.Call):
        return ""
    is_asked_here = bool(_names(compared) & asks.keys() - {STUDENT})
    return f"lambda *case: {text}(*case)" if is_asked_here else text


def _of_each(
    answers: ast.ListComp, site: Site, known: Mapping[str, ast.expr], asks: Mapping[str, ast.expr]
) -> str:
    """Return what a list of answers has for each of the cases, if they are what it goes through."""
    if len(answers.generators) != 1:
        return ""
    (loop,) = answers.generators
    target, through = loop.target, _meant(loop.iter, known)
    if loop.ifs or loop.is_async:
        return ""
    cases = _cases(site.call)
    if cases is None:
        return ""
    if ast.dump(through) != ast.dump(_meant(cases, known)):
        if not isinstance(through, ast.ListComp) or not isinstance(target, ast.Name):
            return ""
        inner = _with(answers.elt, {target.id: through.elt})
        return _of_each(ast.ListComp(inner, through.generators), site, known, asks)
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    if not all(isinstance(each, ast.Name) for each in names):
        return ""
    given = ", ".join(map(ast.unparse, names))
    star = "" if isinstance(target, ast.Tuple) else "*"
    return f"lambda {star}{given}: {ast.unparse(_with(answers.elt, _but(asks, target)))}"


def _cases(call: ast.Call) -> ast.expr | None:
    """Return what a call passes as its cases."""
    named = [each.value for each in call.keywords if each.arg == CASES]
    return next(iter([*call.args[1:2], *named]), None)


def _meant(node: ast.expr, known: Mapping[str, ast.expr]) -> ast.expr:
    """Return what a name stands for; anything else is meant as it is."""
    while isinstance(node, ast.Name) and node.id in known:
        node = known[node.id]
    return node


def _asks(node: ast.expr, known: Mapping[str, ast.expr]) -> bool:
    """Whether the student has a part in some code, be it by names that stand for answers."""
    seen: set[str] = set()
    waiting = _names(node)
    while waiting - seen:
        name = (waiting - seen).pop()
        seen.add(name)
        waiting |= _names(known[name]) if name in known else set()
    return STUDENT in seen


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _with(node: ast.expr, meant: Mapping[str, ast.expr]) -> ast.expr:
    """Return some code with what its names mean in their place."""
    return cast("ast.expr", _Writing(meant).visit(deepcopy(node)))


class _Writing(ast.NodeTransformer):
    """Writes what names mean in their place, until none of them is left."""

    def __init__(self, meant: Mapping[str, ast.expr]) -> None:
        self._meant = meant

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Write what a name means."""
        if node.id not in self._meant:
            return node
        others = {name: value for name, value in self._meant.items() if name != node.id}
        return _with(self._meant[node.id], others)

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Write what names mean in a function; a parameter that is bound to an answer goes."""
        places = node.args.args[len(node.args.args) - len(node.args.defaults) :]
        bound = zip(places, node.args.defaults, strict=True)
        answers = {place: value for place, value in bound if _names(value) & self._meant.keys()}
        meant = {place.arg: _with(value, self._meant) for place, value in answers.items()}
        node.body = _with(node.body, _but(self._meant, node.args) | meant)
        node.args.args = [each for each in node.args.args if each not in answers]
        node.args.defaults = [each for each in node.args.defaults if each not in answers.values()]
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        """Write what names mean in a list, but for those that it goes through."""
        own = _Writing(_but(self._meant, *(each.target for each in node.generators)))
        return cast("ast.expr", own.generic_visit(node))


def _but(meant: Mapping[str, ast.expr], *places: ast.AST) -> dict[str, ast.expr]:
    """Return what names mean where some others are bound: parameters, or a loop's."""
    parts = [each for place in places for each in ast.walk(place)]
    bound = {each.arg for each in parts if isinstance(each, ast.arg)}
    bound |= {each.id for each in parts if isinstance(each, ast.Name)}
    return {name: value for name, value in meant.items() if name not in bound}
