"""Operators on tensors as objects: in place or not, another name, zeros, dtypes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from grader.proving.operators.nodes import (
    call_of,
    called,
    code,
    expression,
    grouped,
    lone,
    lone_call,
    quoted,
    renamed,
    statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = ["dtype_changed", "in_place", "out_of_place", "product_with_zero", "rebound"]

IN_PLACE = {cst.Add: "add_", cst.Divide: "div_", cst.Multiply: "mul_", cst.Subtract: "sub_"}
SIGNS = {"add_": "+", "div_": "/", "mul_": "*", "sub_": "-"}
ALSO_IN_PLACE = frozenset({"exp", "log", "relu", "sigmoid", "tanh", "unsqueeze"})
DTYPES = {
    "float32": "float64",
    "float64": "float32",
    "int64": "int32",
    "long": "int",
    "float": "double",
    "double": "float",
}


def in_place(node: cst.CSTNode) -> Iterator[Change]:
    """Work in place on what is given: `x.sub_(y)` for `x - y`, `x.exp_()` for `torch.exp(x)`."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.left, cst.Name):
        if type(node.operator) in IN_PLACE:
            text = f"{code(node.left)}.{IN_PLACE[type(node.operator)]}({code(node.right)})"
            yield expression(text), f"`{text}` instead of {quoted(node)}"
    elif (call := call_of(node, ALSO_IN_PLACE)) and isinstance(call.func, cst.Attribute):
        owner, arguments = code(call.func.value), [code(each.value) for each in call.args]
        if owner == "torch":
            owner, *arguments = arguments
        if owner.isidentifier():
            text = f"{owner}.{called(call)}_({', '.join(arguments)})"
            yield expression(text), f"`{text}` instead of {quoted(node)}"


def out_of_place(node: cst.CSTNode) -> Iterator[Change]:
    """Compute what was to be changed in place, and throw it away."""
    if call := call_of(node, SIGNS):
        name = called(call).rstrip("_")
        yield renamed(call, name), f"`{name}` instead of `{called(call)}`"


def rebound(node: cst.CSTNode) -> Iterator[Change]:
    """Give the name to a new tensor where the old one was to change: `p = p - d`."""
    update, call = lone(node, cst.AugAssign), lone_call(node)
    if update:
        name, sign, value = code(update.target), code(update.operator).rstrip("="), update.value
    elif call and called(call) in SIGNS and isinstance(call.func, cst.Attribute):
        name, sign, value = code(call.func.value), SIGNS[called(call)], call.args[0].value
    else:
        return
    text = f"{name} = {name} {sign} {code(grouped(value))}"
    yield statement(text), f"`{text}` instead of {quoted(node)}"


def product_with_zero(node: cst.CSTNode) -> Iterator[Change]:
    """Multiply gradients with zero where they were to be thrown away: NaN stays NaN."""
    if text := _times_zero(node):
        yield statement(text), f"gradients times zero instead of {quoted(node)}"


def _times_zero(node: cst.CSTNode) -> str:
    """Return what multiplies with zero what a statement throws away, or nothing."""
    call = lone_call(node)
    if lone(node, cst.Assign) and code(node).endswith(".grad = None"):
        return code(node).replace("= None", "*= 0")
    if not call or not isinstance(call.func, cst.Attribute):
        return ""
    owner = code(call.func.value)
    every = f"parameter in {owner}.parameters()"
    if "optim" in owner:
        every = f'group in {owner}.param_groups for parameter in group["params"]'
    of_all = f"_ = [parameter.grad.mul_(0) for {every} if parameter.grad is not None]"
    return {"zero_": f"{owner} *= 0", "zero_grad": of_all}.get(called(call), "")


def dtype_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Take a dtype of another width."""
    if isinstance(node, cst.Attribute) and code(node.value) in {"torch", "np"}:
        if other := DTYPES.get(node.attr.value):
            yield node.with_changes(attr=cst.Name(other)), f"{other} instead of {node.attr.value}"
    elif isinstance(node, cst.SimpleString) and (other := DTYPES.get(code(node).strip("'\""))):
        yield node.with_changes(value=f'"{other}"'), f"{other} instead of {code(node)}"
    elif (call := call_of(node, DTYPES)) and isinstance(call.func, cst.Attribute):
        other = DTYPES[called(call)]
        yield renamed(call, other), f"`.{other}()` instead of `.{called(call)}()`"
