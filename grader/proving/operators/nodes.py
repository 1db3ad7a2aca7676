"""What operators are written with: the text of a node, a node of a text, which call it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

__all__ = [
    "DIMS",
    "PASS",
    "Change",
    "Operator",
    "call_of",
    "called",
    "code",
    "expression",
    "grouped",
    "keyword",
    "lone",
    "lone_call",
    "quoted",
    "renamed",
    "statement",
    "with_arguments",
]

# What takes the place of a node, and the change in words.
Change = tuple[cst.CSTNode | cst.FlattenSentinel[cst.BaseStatement], str]
Operator = Callable[[cst.CSTNode], Iterator[Change]]

Small = TypeVar("Small", bound=cst.BaseSmallStatement)

DIMS = frozenset({"axis", "dim", "end_dim", "start_dim"})  # arguments that name a dimension
PASS = cst.SimpleStatementLine([cst.Pass()])
_NO_MODULE = cst.Module([])


def code(node: cst.CSTNode) -> str:
    """Return the text of a node, without comments around it."""
    if isinstance(node, cst.SimpleStatementLine):
        node = node.with_changes(leading_lines=[], trailing_whitespace=cst.TrailingWhitespace())
    return _NO_MODULE.code_for_node(node).strip()


def quoted(node: cst.CSTNode) -> str:
    """Return the text of a node on one line, for a description."""
    return f"`{' '.join(code(node).split())}`"


def expression(text: str) -> cst.BaseExpression:
    """Return the expression that a text is."""
    return cst.parse_expression(text)


def statement(text: str) -> cst.BaseCompoundStatement | cst.SimpleStatementLine:
    """Return the statement that a text is."""
    return cst.parse_statement(text)


def grouped(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression that may stand beside any operator."""
    if node.lpar or not isinstance(node, cst.BinaryOperation | cst.UnaryOperation | cst.Comparison):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def called(node: cst.CSTNode) -> str:
    """Return the last part of what is called: `zero_grad`; nothing where no call is."""
    if not isinstance(node, cst.Call):
        return ""
    if isinstance(node.func, cst.Attribute):
        return node.func.attr.value
    return node.func.value if isinstance(node.func, cst.Name) else ""


def call_of(node: cst.CSTNode, names: Container[str]) -> cst.Call | None:
    """Return the call that a node is, if the last part of what is called is among some names."""
    return node if isinstance(node, cst.Call) and called(node) in names else None


def renamed(call: cst.Call, name: str) -> cst.Call:
    """Return a call of something else of the same place: `x.min(1)` for `x.max(1)`."""
    if isinstance(call.func, cst.Attribute):
        return call.with_changes(func=call.func.with_changes(attr=cst.Name(name)))
    return call.with_changes(func=cst.Name(name))


def with_arguments(call: cst.Call, arguments: Sequence[cst.Arg]) -> cst.Call:
    """Return a call with other arguments; the last one ends as the last one did."""
    if not arguments:
        return call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
    *before, last = arguments
    comma = call.args[-1].comma if call.args else cst.MaybeSentinel.DEFAULT
    return call.with_changes(args=[*before, last.with_changes(comma=comma)])


def keyword(argument: cst.Arg) -> str:
    """Return the name that an argument is given by, or nothing."""
    return argument.keyword.value if argument.keyword else ""


def lone(node: cst.CSTNode, kind: type[Small]) -> Small | None:
    """Return the statement of a kind that a line is, if it is no other and no more."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        only = node.body[0]
        return only if isinstance(only, kind) else None
    return None


def lone_call(node: cst.CSTNode) -> cst.Call | None:
    """Return the call that a line is, if it is nothing else: `loss.backward()`."""
    only = lone(node, cst.Expr)
    return only.value if only and isinstance(only.value, cst.Call) else None
