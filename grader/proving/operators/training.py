"""Operators on training: the rate, the loss, the optimizer, the mode, the data's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst
import libcst.matchers as m

from grader.proving.operators.nodes import called, code, expression, keyword, quoted, renamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = [
    "arguments_swapped",
    "batch_size_changed",
    "criterion_of_ones_own",
    "labels_moved",
    "loss_changed",
    "lr_changed",
    "mode_changed",
    "optimizer_changed",
    "shuffle_turned",
]

OWN_CRITERIA = ("nll_loss", "cross_entropy", "mse_loss")
OTHER_LOSSES = {
    "BCELoss": ("nn.BCEWithLogitsLoss()", "nn.MSELoss()"),
    "CrossEntropyLoss": ("nn.NLLLoss()",),
    "MSELoss": ("nn.L1Loss()", "nn.SmoothL1Loss()"),
    "NLLLoss": ("nn.CrossEntropyLoss()", "nn.MSELoss()"),
}
MORE_OF_SGD = ("momentum=0.9", "weight_decay=0.1")


def lr_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Square the learning rate, or take one of one's own."""
    if isinstance(node, cst.Arg):
        rates = [node.value]
    elif isinstance(node, cst.BinaryOperation):
        rates = [node.left, node.right]
    else:
        return
    for rate in rates:
        if isinstance(rate, cst.Name) and rate.value == "lr":
            yield node.deep_replace(rate, expression("(lr * lr)")), "the learning rate is squared"
            yield node.deep_replace(rate, expression("0.01")), "0.01 instead of the given `lr`"


def criterion_of_ones_own(node: cst.CSTNode) -> Iterator[Change]:
    """Measure the loss with a function of PyTorch's where a criterion is given."""
    if not isinstance(node, cst.FunctionDef):
        return
    if "criterion" not in {parameter.name.value for parameter in node.params.params}:
        return
    for call in m.findall(node.body, m.Call(func=m.Name("criterion"))):
        for name in OWN_CRITERIA:
            own = cst.ensure_type(call, cst.Call).with_changes(
                func=expression(f"torch.nn.functional.{name}")
            )
            yield node.deep_replace(call, own), f"`F.{name}` instead of the given criterion"


def loss_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Build another loss."""
    for other in OTHER_LOSSES.get(called(node), ()):
        yield expression(other), f"`{other}` instead of {quoted(node)}"


def optimizer_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Build another optimizer, or one that does more than the plain step."""
    if isinstance(node, cst.Call) and called(node) == "SGD":
        yield renamed(node, "Adam"), "Adam instead of SGD"
        for more in MORE_OF_SGD:
            yield expression(f"{code(node)[:-1]}, {more})"), f"SGD with `{more}`"


def mode_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Put a model in the other mode, or always in the same."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        model = code(node.func.value)
        others = {"eval": ("train()",), "train": ("eval()", "train()")}.get(called(node), ())
        for other in others:
            yield expression(f"{model}.{other}"), f"`{model}.{other}` instead of {quoted(node)}"


def shuffle_turned(node: cst.CSTNode) -> Iterator[Change]:
    """Shuffle what was not to be shuffled, and the other way."""
    if isinstance(node, cst.Arg) and keyword(node) == "shuffle":
        other = {"True": "False", "False": "True"}.get(code(node.value))
        if other:
            yield node.with_changes(value=cst.Name(other)), f"`shuffle={other}`"


def batch_size_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Deal single examples, whatever the batch was to be."""
    if isinstance(node, cst.Arg) and keyword(node) == "batch_size" and code(node.value) != "1":
        yield node.with_changes(value=expression("1")), "`batch_size=1`"


def labels_moved(node: cst.CSTNode) -> Iterator[Change]:
    """Give each example another one's label."""
    if isinstance(node, cst.Call):
        for argument in node.args:
            name = code(argument.value)
            if name in {"labels", "targets"} and called(node) != "len":
                changed = node.deep_replace(argument.value, expression(f"{name}.flip(0)"))
                yield changed, f"`{name}` in reverse order in {quoted(node)}"


def arguments_swapped(node: cst.CSTNode) -> Iterator[Change]:
    """Swap the two arguments of a call that has two."""
    if isinstance(node, cst.Call) and len(node.args) == 2 and not any(map(keyword, node.args)):
        first, second = node.args
        swapped = [
            first.with_changes(value=second.value),
            second.with_changes(value=first.value),
        ]
        changed = node.with_changes(args=swapped)
        yield changed, f"{quoted(changed)} instead of {quoted(node)}"
