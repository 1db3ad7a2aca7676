"""Operators on arithmetic: signs, operands, operations, comparisons, and numbers one off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from grader.proving.operators.nodes import (
    DIMS,
    call_of,
    called,
    code,
    expression,
    grouped,
    keyword,
    quoted,
    renamed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = [
    "comparison_changed",
    "number_changed",
    "off_by_one",
    "operands_swapped",
    "operation_changed",
    "sign_turned",
]

SIGNS: dict[type[cst.CSTNode], cst.CSTNode] = {
    cst.Add: cst.Subtract(),
    cst.Subtract: cst.Add(),
    cst.AddAssign: cst.SubtractAssign(),
    cst.SubtractAssign: cst.AddAssign(),
}
SIGNED_METHODS = {"add": "sub", "add_": "sub_", "sub": "add", "sub_": "add_"}
OPERATIONS: dict[type[cst.CSTNode], cst.BaseBinaryOp] = {
    cst.Divide: cst.Multiply(),
    cst.FloorDivide: cst.Divide(),
    cst.MatrixMultiply: cst.Multiply(),
    cst.Multiply: cst.Divide(),
    cst.Power: cst.Multiply(),
}
COMPARISONS: dict[type[cst.CSTNode], tuple[cst.BaseCompOp, ...]] = {
    cst.Equal: (cst.NotEqual(),),
    cst.GreaterThan: (cst.LessThan(), cst.GreaterThanEqual()),
    cst.GreaterThanEqual: (cst.LessThanEqual(), cst.GreaterThan()),
    cst.In: (cst.NotIn(),),
    cst.Is: (cst.IsNot(),),
    cst.IsNot: (cst.Is(),),
    cst.LessThan: (cst.GreaterThan(), cst.LessThanEqual()),
    cst.LessThanEqual: (cst.GreaterThanEqual(), cst.LessThan()),
    cst.NotEqual: (cst.Equal(),),
    cst.NotIn: (cst.In(),),
}


def sign_turned(node: cst.CSTNode) -> Iterator[Change]:
    """Add for subtract, subtract for add, and leave out a minus."""
    if isinstance(node, cst.BinaryOperation | cst.AugAssign) and type(node.operator) in SIGNS:
        changed = node.with_changes(operator=SIGNS[type(node.operator)])
        yield changed, f"{quoted(changed)} instead of {quoted(node)}"
    elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        if not isinstance(node.expression, cst.Integer):  # -1 is an index or a dimension
            yield node.expression, f"the minus before {quoted(node.expression)} is left out"
    elif isinstance(node, cst.Call) and called(node) in SIGNED_METHODS:
        name = SIGNED_METHODS[called(node)]
        yield renamed(node, name), f"`{name}` instead of `{called(node)}`"


def operands_swapped(node: cst.CSTNode) -> Iterator[Change]:
    """Swap the two sides of what is no sum or product of numbers."""
    if isinstance(node, cst.BinaryOperation) and isinstance(
        node.operator, cst.Subtract | cst.Divide | cst.MatrixMultiply
    ):
        changed = node.with_changes(left=grouped(node.right), right=grouped(node.left))
        yield changed, f"{quoted(changed)} instead of {quoted(node)}"


def operation_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Multiply for divide, divide for multiply, and number by number for a matrix product."""
    if isinstance(node, cst.BinaryOperation) and type(node.operator) in OPERATIONS:
        changed = node.with_changes(operator=OPERATIONS[type(node.operator)])
        yield changed, f"{quoted(changed)} instead of {quoted(node)}"


def comparison_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Turn a comparison around, or let it take equality the other way."""
    if not isinstance(node, cst.Comparison):
        return
    first, *others = node.comparisons
    for operator in COMPARISONS.get(type(first.operator), ()):
        changed = node.with_changes(comparisons=[first.with_changes(operator=operator), *others])
        yield changed, f"{quoted(changed)} instead of {quoted(node)}"


def off_by_one(node: cst.CSTNode) -> Iterator[Change]:
    """Take one step more or less, and the neighbour of an element."""
    call = call_of(node, {"range"})
    if call and len(call.args) == 1:
        count = code(grouped(call.args[0].value))
        for text in (f"range({count} + 1)", f"range({count} - 1)"):
            yield expression(text), f"`{text}` instead of {quoted(node)}"
    elif isinstance(node, cst.Index) and (place := _whole(node.value)) is not None:
        for other in (1,) if place == 0 else (0, place - 1 if place < 0 else place + 1):
            changed = node.with_changes(value=expression(str(other)))
            yield changed, f"`[{other}]` instead of `[{place}]`"


def number_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Take another number than the one that is written there; others change dims and indices."""
    if isinstance(node, cst.Index | cst.UnaryOperation):
        return
    if isinstance(node, cst.Arg) and keyword(node) in DIMS:
        return
    for child in node.children:
        for text in _other_numbers(child):
            changed = node.deep_replace(child, expression(text))
            yield changed, f"{text} instead of {code(child)} in {quoted(node)}"


def _other_numbers(node: cst.CSTNode) -> list[str]:
    """Return numbers near the one that a node is: one more, one less; a decimal one doubled."""
    if isinstance(node, cst.Integer):
        value = int(node.evaluated_value)
        return [str(value + 1), *([str(value - 1)] if value > 0 else [])]
    if isinstance(node, cst.Float):
        return [repr(2 * float(node.evaluated_value) or 1.0)]
    return []


def _whole(node: cst.BaseExpression) -> int | None:
    """Return the whole number that an index is, if it is one."""
    text = code(node)
    return int(text) if text.lstrip("-").isdigit() else None
