"""How many tests and points a hidden suite has, counted in its text: nothing of it is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Counts", "counts_of_suite", "tests_of_suite"]

Test = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Counts:
    """What a hidden suite comes to.

    Attributes:
        points: what its tests add up to; of a parametrised one, once for each of its cases.
        hidden_tests: how many there are; students know the number and nothing else of them.
    """

    points: float
    hidden_tests: int


def counts_of_suite(file: Path) -> Counts:
    """Count a suite.

    Raises:
        UsageError: it is no Python, or holds what can only be counted by running it; the message
            names the file and the line.
    """
    try:
        tree = ast.parse(file.read_bytes(), file.name)
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise UsageError(f"{file}{line}: this is not Python, so it has no points") from error
    try:
        _refuse_fixtures_with_cases(tree)
        cases = [(_points(marks), _cases(marks, tree)) for marks in _marks_of_tests(tree)]
    except _UncountableError as error:
        raise UsageError(f"{file}, line {error.line}: {error}") from error
    return Counts(
        sum(points * number for points, number in cases), sum(number for _, number in cases)
    )


def tests_of_suite(file: Path) -> dict[str, str]:
    """Return the names of a suite's tests, without those of their cases, and what each claims.

    Raises:
        UsageError: it is no Python.
    """
    try:
        tree = ast.parse(file.read_bytes(), file.name)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{file}: this is not Python") from error
    return {test.name: (ast.get_docstring(test) or "").partition("\n")[0] for test in _tests(tree)}


class _UncountableError(Exception):
    """What is said about a line whose number stands nowhere in it."""

    def __init__(self, node: ast.expr | ast.stmt, what: str) -> None:
        super().__init__(f"{what}, so that it can be counted without being run")
        self.line = node.lineno


def _tests(tree: ast.Module) -> Iterator[Test]:
    """Give each test that pytest collects."""
    for node in tree.body:
        is_class = isinstance(node, ast.ClassDef) and node.name.startswith("Test")
        for each in node.body if isinstance(node, ast.ClassDef) and is_class else [node]:
            if isinstance(each, Test) and each.name.startswith("test"):
                yield each


def _marks_of_tests(tree: ast.Module) -> Iterator[list[ast.expr]]:
    """Give the decorators of each test that pytest collects, those of its class behind its own."""
    for node in tree.body:
        if isinstance(node, Test) and node.name.startswith("test"):
            yield node.decorator_list
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for each in node.body:
                if isinstance(each, Test) and each.name.startswith("test"):
                    yield [*each.decorator_list, *node.decorator_list]


def _refuse_fixtures_with_cases(tree: ast.Module) -> None:
    """Refuse what runs tests several times without their decorators saying so."""
    for node in tree.body:
        for call in _calls(node.decorator_list if isinstance(node, Test) else [], "fixture"):
            if any(keyword.arg == "params" for keyword in call.keywords):
                raise _UncountableError(call, "use `parametrize` and no fixture with params")
        if isinstance(node, ast.Assign) and "pytestmark" in map(ast.unparse, node.targets):
            raise _UncountableError(node, "mark each test and not the whole file")


def _points(marks: list[ast.expr]) -> float:
    """Return what `@points(2)` says; a test without it has none."""
    found = list(_calls(marks, "points"))
    if len(found) > 1:
        raise _UncountableError(found[1], "give a test its points once")
    return _number(found[0]) if found else 0


def _number(call: ast.Call) -> float:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    value = _literal(given[0]) if len(given) == 1 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _UncountableError(call, "write the points as a number, like `@points(2)`")
    return value


def _cases(marks: list[ast.expr], tree: ast.Module) -> int:
    """Return how often a test is run: the product of the cases of its `parametrize`."""
    return prod(_length(call, tree) for call in _calls(marks, "parametrize"))


def _length(call: ast.Call, tree: ast.Module) -> int:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    values = call.args[1] if len(call.args) > 1 else named.get("argvalues")
    if isinstance(values, ast.Name):
        values = _assigned(values.id, tree)
    if isinstance(values, ast.List | ast.Tuple | ast.Set):
        if not any(isinstance(each, ast.Starred) for each in values.elts):
            return len(values.elts)
    elif isinstance(values, ast.Dict) and None not in values.keys:
        return len(values.keys)
    raise _UncountableError(call, "write the cases as a list, here or in a constant of this file")


def _assigned(name: str, tree: ast.Module) -> ast.expr | None:
    """Return what a constant of the file is, if it is one: assigned once, at the top."""
    found = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == name
    ]
    return found[0] if len(found) == 1 else None


def _calls(marks: list[ast.expr], name: str) -> Iterator[ast.Call]:
    """Go through the decorators of a name, as `@points(2)` and as `@pytest.mark.points(2)`."""
    for decorator in marks:
        if isinstance(decorator, ast.Call):
            called = decorator.func
            last = called.attr if isinstance(called, ast.Attribute) else None
            if name in {last, called.id if isinstance(called, ast.Name) else None}:
                yield decorator


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
