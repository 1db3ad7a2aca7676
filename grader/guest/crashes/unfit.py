"""What stands in the place of a tensor, and what that says."""

from __future__ import annotations

import ast
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING

import torch

from grader.guest.crashes.scene import NO_CAUSE, UNKNOWN, Cause, is_module, is_tensor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.guest.crashes.scene import Spot

__all__ = ["PAIRS", "unfit", "unfit_operand"]

METHODS = (BuiltinFunctionType, FunctionType, MethodType)
PAIRS = {
    value
    for name in ("max", "min", "sort", "topk", "median", "mode", "kthvalue")
    if isinstance(value := getattr(torch.return_types, name, None), type)
}


def unfit(value: object) -> Cause:
    """Say what it means that a value stands where a tensor is due; nothing of other values."""
    if type(value) in PAIRS:
        return Cause("max-gives-a-pair")
    if isinstance(value, METHODS):
        return Cause("function-not-called", f"`{value.__name__[:60]}` is a function")
    if is_module(value):
        return Cause("layer-not-applied", f"it is a layer of type {type(value).__name__[:60]}")
    if isinstance(value, type):
        return Cause("class-used-as-object", f"`{value.__name__[:60]}` is a class")
    if value is None:
        return Cause("none-used-as-a-value")
    if type(value) is tuple and value and all(map(is_tensor, value[:100])):
        return Cause("tuple-used-as-a-tensor")
    return NO_CAUSE


def unfit_operand(spot: Spot, operands: Iterable[ast.AST]) -> Cause:
    """Say the same of the first of some expressions that stands for such a value."""
    for each in operands:
        value = spot.value(each)
        if value is UNKNOWN:
            continue
        if value is None and isinstance(each, ast.Attribute) and each.attr == "grad":
            return Cause("gradient-before-backward")
        cause = unfit(value)
        if cause.slug == "tuple-used-as-a-tensor" and _is_of_autograd(spot, each):
            return Cause("autograd-grad-gives-a-tuple")
        if cause.slug:
            return cause
    return NO_CAUSE


def _is_of_autograd(spot: Spot, node: ast.AST) -> bool:
    """Whether a name was given what `torch.autograd.grad` returns."""
    return isinstance(node, ast.Name) and any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and spot.value(each.value.func) is torch.autograd.grad
        and any(isinstance(target, ast.Name) and target.id == node.id for target in each.targets)
        for each in ast.walk(spot.body)
    )
