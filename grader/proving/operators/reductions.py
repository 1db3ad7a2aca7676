"""Operators on what runs over a dimension: which one, sum or mean, largest or smallest, of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from grader.proving.operators.nodes import (
    DIMS,
    call_of,
    called,
    code,
    expression,
    keyword,
    quoted,
    renamed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = ["count_changed", "dim_changed", "extreme_changed", "mean_for_sum"]

OVER_A_DIM = (
    frozenset({"argmax", "argmin", "cumsum", "max", "mean", "min", "sum"})
    | frozenset({"log_softmax", "logsumexp", "softmax"})
    | frozenset({"flatten", "gather", "squeeze", "unsqueeze"})
)
OTHER_DIMS = {"0": ("1",), "1": ("0", "-1"), "-1": ("0", "1")}
EXTREMES = {
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin", "max"),
    "argmin": ("argmax", "min"),
    "max": ("min", "argmax"),
    "min": ("max", "argmin"),
}
PARTS = {"indices": "values", "values": "indices"}
SUMS = {"mean": "sum", "sum": "mean"}
LOSSES = frozenset({"BCELoss", "CrossEntropyLoss", "L1Loss", "MSELoss", "NLLLoss"})


def dim_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Run over another dimension: 0, 1 or the last."""
    if not isinstance(node, cst.Call):
        return
    positional = 1 if code(node.func).startswith(("torch.", "F.")) else 0
    for place, argument in enumerate(node.args):
        by_place = called(node) in OVER_A_DIM and place == positional and not keyword(argument)
        if keyword(argument) in DIMS or by_place:
            was = code(argument.value)
            for other in OTHER_DIMS.get(was, ()):
                changed = node.deep_replace(argument.value, expression(other))
                yield changed, f"dimension {other} instead of {was} in {quoted(node)}"


def mean_for_sum(node: cst.CSTNode) -> Iterator[Change]:
    """Take the mean for the sum, the sum for the mean, and a loss that does not average."""
    if isinstance(node, cst.Call) and called(node) in SUMS:
        name = SUMS[called(node)]
        yield renamed(node, name), f"`{name}` instead of `{called(node)}`"
    elif isinstance(node, cst.Call) and called(node) in LOSSES and not node.args:
        for reduction in ("sum", "none"):
            text = f'{code(node.func)}(reduction="{reduction}")'
            yield expression(text), f"`{text}` instead of {quoted(node)}"


def extreme_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Take the smallest for the largest, where it stands for what it is, and the other way."""
    if isinstance(node, cst.Call):
        for name in EXTREMES.get(called(node), ()):
            yield renamed(node, name), f"`{name}` instead of `{called(node)}`"
    elif isinstance(node, cst.Attribute) and node.attr.value in PARTS:
        name = PARTS[node.attr.value]
        yield node.with_changes(attr=cst.Name(name)), f"`{name}` instead of `{node.attr.value}`"


def count_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Count numbers or columns for examples, and examples for batches."""
    call = call_of(node, {"len"})
    if not call or len(call.args) != 1:
        return
    counted = code(call.args[0].value)
    if "loader" in counted:
        others = [f"len({counted}.dataset)"]
    else:
        others = [f"{counted}.numel()", f"{counted}.shape[-1]"]
    for text in others:
        yield expression(text), f"`{text}` instead of {quoted(node)}"
