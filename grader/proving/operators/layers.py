"""Operators on networks: a layer, an activation, a bias."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from grader.proving.operators.nodes import call_of, called, code, expression, quoted, with_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.operators.nodes import Change

__all__ = [
    "activation_added",
    "activation_changed",
    "activation_left_out",
    "bias_left_out",
    "layer_left_out",
]

MODULES = {
    "ReLU": ("nn.Sigmoid()", "nn.Tanh()"),
    "Sigmoid": ("nn.Tanh()", "nn.ReLU()"),
    "Tanh": ("nn.Sigmoid()", "nn.ReLU()"),
    "Softmax": ("nn.LogSoftmax(dim=1)", "nn.Sigmoid()"),
    "LogSoftmax": ("nn.Softmax(dim=1)", "nn.LogSigmoid()"),
}
FUNCTIONS = {
    "relu": ("torch.sigmoid", "torch.tanh"),
    "sigmoid": ("torch.tanh", "torch.relu"),
    "tanh": ("torch.sigmoid", "torch.relu"),
}


def layer_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out a layer of a network, its activations apart."""
    for argument, without in _without_one(node):
        if called(argument.value) not in MODULES:
            yield without, f"the layer {quoted(argument.value)} is left out"


def activation_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Leave out an activation of a network."""
    for argument, without in _without_one(node):
        if called(argument.value) in MODULES:
            yield without, f"the activation {quoted(argument.value)} is left out"


def activation_changed(node: cst.CSTNode) -> Iterator[Change]:
    """Take another activation, as a layer or as a function."""
    if not isinstance(node, cst.Call):
        return
    for other in MODULES.get(called(node), ()):
        yield expression(other), f"`{other}` instead of {quoted(node)}"
    if isinstance(node.func, cst.Attribute):
        for other in FUNCTIONS.get(called(node), ()):
            yield node.with_changes(func=expression(other)), f"`{other}` instead of {quoted(node)}"


def activation_added(node: cst.CSTNode) -> Iterator[Change]:
    """Add an activation behind the last layer."""
    chain = call_of(node, {"Sequential"})
    if chain and chain.args:
        for text in ("nn.ReLU()", "nn.Softmax(dim=1)"):
            arguments = [*chain.args[:-1], _with_comma(chain.args[-1]), cst.Arg(expression(text))]
            yield with_arguments(chain, arguments), f"`{text}` is added at the end"


def bias_left_out(node: cst.CSTNode) -> Iterator[Change]:
    """Build a layer without its bias."""
    if called(node) == "Linear" and "bias" not in code(node):
        text = f"{code(node)[:-1]}, bias=False)"
        yield expression(text), f"{quoted(node)} has no bias"


def _without_one(node: cst.CSTNode) -> Iterator[tuple[cst.Arg, cst.Call]]:
    """Give each layer of a chain of layers, and the chain without it."""
    if chain := call_of(node, {"Sequential"}):
        for argument in chain.args:
            others = [each for each in chain.args if each is not argument]
            yield argument, with_arguments(chain, others)


def _with_comma(argument: cst.Arg) -> cst.Arg:
    """Return an argument that another may follow."""
    if isinstance(argument.comma, cst.Comma):
        return argument
    return argument.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
