"""Where in a hidden test the answers of mistakes stand, and how another one is added there.

The text is changed at one place and kept as it is everywhere else.
"""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.learning.writing.questions import bindings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Site", "sites_in"]

WIDTH = 100
MISTAKES = "mistakes"
OF_ONE = "equals"
PLACES = {"expect_each": 3, "expect_beside": 4, OF_ONE: 1}  # of `mistakes`, without its name
INDENT = "    "
EMPTY = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}


@dataclass(frozen=True)
class Site:
    """A call in a test that compares answers, and can take one more mistake.

    Attributes:
        suite: the text that it stands in.
        test: the test that it stands in.
        call: the call of `expect_each`, `expect_beside` or `equals`.
        function: the function of the submission's that gives the answers; empty where it is not
            called by its name.
        asked: what `equals` compares is the answer to these arguments, as the suite writes them;
            None where there are cases.
        compared: what gives the answers, or is compared by `equals`.
    """

    suite: str
    test: ast.FunctionDef
    call: ast.Call
    function: str
    asked: str | None
    compared: ast.expr

    def with_mistake(self, slug: str, value: str) -> str:
        """Return the suite with one more mistake.

        Args:
            slug: what it is called.
            value: what stands behind the colon.

        Raises:
            ValueError: it can't be written there.
        """
        entry = f'"{slug}": {value}'
        given = _mistakes(self.call)
        if given is None:
            return _parsed(self._as_argument(entry))
        given = given.body if isinstance(given, ast.Lambda) else given
        table = given if isinstance(given, ast.Dict) else None
        if table is None:
            return _parsed(self._spliced(given, given, self._beside(given, entry)))
        if not table.keys:
            return _parsed(self._spliced(table, table, f"{{{entry}}}"))
        first = table.keys[0]
        if table.lineno == table.end_lineno and self._is_too_long(table, entry):
            margin = self._margin(table.lineno)
            inner = (ast.get_source_segment(self.suite, table) or "")[1:-1].strip().rstrip(",")
            lines = f"\n{margin}{INDENT}{entry},\n{margin}{INDENT}{inner},\n{margin}"
            return _parsed(self._spliced(table, table, f"{{{lines}}}"))
        line = (first or table.values[0]).lineno
        gap = f"\n{self._margin(line)}" if line > table.lineno else ""
        if first is None:  # the dict of others that stands there begins with stars
            start = (table.lineno, self._column(table.lineno, table.col_offset) + 1)
            return _parsed(_inserted(self.suite, start, f"{gap}{entry},{'' if gap else ' '}"))
        return _parsed(self._spliced(first, None, f"{entry},{gap or ' '}"))

    def _as_argument(self, entry: str) -> str:
        """Return the suite with a keyword argument more."""
        closing, before = _closing(self.suite, self.call)
        comma = "" if before.string in {",", "("} else ","
        start = (before.end[0], before.end[1])
        if closing.start[0] > before.end[0]:  # the bracket has a line of its own
            inner = self._margin(closing.start[0]) + INDENT
            return _inserted(self.suite, start, f"{comma}\n{inner}{MISTAKES}={{{entry}}},")
        lead = "" if before.string == "(" else f"{comma} "
        text = f"{lead}{MISTAKES}={{{entry}}}"
        line = self.suite.splitlines()[closing.start[0] - 1]
        if len(line) + len(text) > WIDTH:
            margin = self._margin(self.call.lineno)
            text = f"{lead}{MISTAKES}={{\n{margin}{INDENT}{entry},\n{margin}}}"
        return _inserted(self.suite, closing.start, text)

    def _beside(self, others: ast.expr, entry: str) -> str:
        """Return a dict of one more mistake and of those that an expression gives."""
        text = ast.get_source_segment(self.suite, others) or ""
        text = f"({text})" if "\n" in text else text
        if not self._is_too_long(others, entry):
            return f"{{{entry}, **{text}}}"
        margin = self._margin(others.lineno)
        return f"{{\n{margin}{INDENT}{entry},\n{margin}{INDENT}**{text},\n{margin}}}"

    def _is_too_long(self, node: ast.expr, entry: str) -> bool:
        return len(self.suite.splitlines()[node.lineno - 1]) + len(f"{entry}, ") > WIDTH

    def _spliced(self, node: ast.expr, until: ast.expr | None, text: str) -> str:
        start = (node.lineno, self._column(node.lineno, node.col_offset))
        if until is None:
            return _inserted(self.suite, start, text)
        end = (
            until.end_lineno or 0,
            self._column(until.end_lineno or 0, until.end_col_offset or 0),
        )
        return _inserted(self.suite, start, text, end)

    def _column(self, line: int, offset: int) -> int:
        """Return a column in characters; the parser counts bytes."""
        return len(self.suite.splitlines()[line - 1].encode()[:offset].decode())

    def _margin(self, line: int) -> str:
        text = self.suite.splitlines()[line - 1]
        return text[: len(text) - len(text.lstrip())]


def sites_in(suite: str, test: str) -> list[Site]:
    """Return the calls of a test that can take one more mistake, in their order.

    Args:
        suite: the text of a hidden suite.
        test: the test's name, without parameters.

    Raises:
        SyntaxError: the suite is not Python.
    """
    tests = [
        node
        for node in ast.parse(suite).body
        if isinstance(node, ast.FunctionDef) and node.name == test
    ]
    return [site for node in tests[-1:] for site in _sites(suite, node)]


def _sites(suite: str, test: ast.FunctionDef) -> Iterator[Site]:
    answers = bindings(test)
    calls = [node for node in ast.walk(test) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = _name_of(call)
        if name == OF_ONE and (compared := _compared(call)):
            answer = answers.get(compared.id) if isinstance(compared, ast.Name) else compared
            asked = answer if isinstance(answer, ast.Call) else None
            function = _asked_for(asked.func) if asked else ""
            yield Site(suite, test, call, function, _arguments(asked) if asked else "", compared)
        elif name in PLACES and name != OF_ONE and call.args:
            yield Site(suite, test, call, _asked_for(call.args[0]), None, call.args[0])


def _name_of(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _compared(call: ast.Call) -> ast.expr | None:
    """Return the answer in `expect(answer).equals(right)`."""
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(inner, ast.Call) and _name_of(inner) == "expect" and inner.args:
        return inner.args[0]
    return None


def _asked_for(node: ast.expr) -> str:
    """Return `f` of `student.f`."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "student" else ""
    return ""


def _arguments(call: ast.Call) -> str:
    named = (f"{each.arg}={ast.unparse(each.value)}" if each.arg else "" for each in call.keywords)
    return ", ".join([*map(ast.unparse, call.args), *filter(None, named)])


def _mistakes(call: ast.Call) -> ast.expr | None:
    """Return what a call passes as its mistakes."""
    named = [each.value for each in call.keywords if each.arg == MISTAKES]
    place = PLACES.get(_name_of(call), len(call.args))
    return next(iter([*named, *call.args[place : place + 1]]), None)


def _closing(suite: str, call: ast.Call) -> tuple[tokenize.TokenInfo, tokenize.TokenInfo]:
    """Return the bracket that ends a call, and what stands before it."""
    lines = suite.splitlines()
    line = call.end_lineno or 0
    column = len(lines[line - 1].encode()[: call.end_col_offset].decode())
    every = [
        token
        for token in tokenize.generate_tokens(io.StringIO(suite).readline)
        if token.type not in EMPTY
    ]
    place = next(n for n, token in enumerate(every) if token.end == (line, column))
    return every[place], every[place - 1]


def _inserted(
    text: str, start: tuple[int, int], new: str, end: tuple[int, int] | None = None
) -> str:
    """Return a text with something new at a place, or from one place to another."""
    lines = text.splitlines(keepends=True)
    first, last = _offset(lines, start), _offset(lines, end or start)
    return text[:first] + new + text[last:]


def _offset(lines: Sequence[str], place: tuple[int, int]) -> int:
    return sum(map(len, lines[: place[0] - 1])) + place[1]


def _parsed(suite: str) -> str:
    try:
        ast.parse(suite)
    except SyntaxError as error:
        raise ValueError("what comes of it is not Python") from error
    return suite
