"""Operators that leave something out: a call, a step of a chain, a block's condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from grader.proving.operators.nodes import (
    PASS,
    call_of,
    called,
    code,
    keyword,
    lone,
    lone_call,
    quoted,
    with_arguments,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = [
    "argument_left_out",
    "call_left_out",
    "condition_left_out",
    "conversion_left_out",
    "method_left_out",
    "no_grad_left_out",
    "operand_left_out",
    "transpose_left_out",
    "update_left_out",
]

# What tensors are asked for on the way: each is forgotten somewhere.
METHODS = (
    frozenset({"abs", "exp", "log", "log_softmax", "relu", "sigmoid", "softmax", "sqrt", "tanh"})
    | frozenset({"argmax", "max", "mean", "sum"})
    | frozenset({"flatten", "reshape", "squeeze", "unsqueeze", "view"})
    | frozenset({"clone", "detach", "item", "numpy", "requires_grad_", "to", "zero_"})
    | frozenset({"astype", "double", "float", "long"})
)
MODULES = frozenset({"F", "functional", "math", "nn", "np", "special", "torch"})
CONVERSIONS = frozenset({"bool", "float", "int", "list"})


def call_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out a call that stands by itself: `optimizer.zero_grad()`, `loss.backward()`."""
    if call := lone_call(node):
        yield PASS, f"{quoted(call)} is left out"


def update_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out a statement that adds up: `total += loss.item()`."""
    if update := lone(node, cst.AugAssign):
        yield PASS, f"{quoted(update)} is left out"


def method_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out a step of a chain: `x.detach()` becomes `x`, and so does `torch.exp(x)`."""
    call = call_of(node, METHODS)
    if not call or not isinstance(call.func, cst.Attribute):
        return
    function, of = call.func, call.func.value
    if code(of).rpartition(".")[2] not in MODULES:
        yield of, f"`.{function.attr.value}()` is left out after {quoted(of)}"
    elif call.args and not call.args[0].keyword:
        yield call.args[0].value, f"{quoted(function)} is left out"


def conversion_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out what makes a Python number: `float(x)` becomes `x`."""
    call = call_of(node, CONVERSIONS)
    if call and isinstance(call.func, cst.Name) and len(call.args) == 1:
        yield call.args[0].value, f"`{called(call)}(...)` is left out"


def no_grad_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Run what stands in a block of `torch.no_grad()` without it."""
    if isinstance(node, cst.With) and called(node.items[0].item) in {"no_grad", "inference_mode"}:
        block = cst.If(cst.Name("True"), node.body, leading_lines=node.leading_lines)
        yield block, f"{quoted(node.items[0])} is left out"


def condition_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Do without asking what is done if a condition holds."""
    if isinstance(node, cst.If) and not node.orelse:
        changed = node.with_changes(test=cst.Name("True"))
        yield changed, f"the condition {quoted(node.test)} is left out"
    elif isinstance(node, cst.CompFor) and node.ifs:
        yield node.with_changes(ifs=[]), f"the condition {quoted(node.ifs[0].test)} is left out"


def argument_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out an argument that is given by its name: `dim=1`, `keepdim=True`."""
    if not isinstance(node, cst.Call):
        return
    for argument in node.args:
        if keyword(argument):
            others = [each for each in node.args if each is not argument]
            words = f"`{keyword(argument)}={code(argument.value)}` is left out"
            yield with_arguments(node, others), words


def operand_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out one side of an operation: `x @ W + b` becomes `x @ W`."""
    if not isinstance(node, cst.BinaryOperation | cst.BooleanOperation):
        return
    either = isinstance(node.operator, cst.Add | cst.Multiply | cst.And | cst.Or)
    for kept, lost in [(node.left, node.right), (node.right, node.left)][: 1 + either]:
        parentheses = {"lpar": [*node.lpar, *kept.lpar], "rpar": [*kept.rpar, *node.rpar]}
        yield kept.with_changes(**parentheses), f"{quoted(lost)} is left out of {quoted(node)}"


def transpose_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Take a matrix as it is: `S.T @ d` becomes `S @ d`."""
    if isinstance(node, cst.Attribute) and node.attr.value in {"T", "mT"}:
        yield node.value, f"{quoted(node.value)} is not transposed"
