"""The linear layers of a model, however it keeps them: their weights, and what they give."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.probing import RejectedError, require_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Tensors = list[torch.Tensor]

__all__ = ["answers_with", "built", "noted_layers", "noted_scores", "takes_hidden"]


@contextmanager
def noted_scores(model: nn.Module) -> Iterator[Tensors]:
    """Note what linear layers give while a model runs, the last to be run at the end."""
    seen: Tensors = []
    with noting(model, lambda _, __, scores: seen.append(scores.detach().clone())):
        yield seen


@contextmanager
def noted_layers(model: nn.Module) -> Iterator[list[Tensors]]:
    """Note what each linear layer is given, and what it gives, in the same way."""
    seen: list[Tensors] = []
    with noting(
        model,
        lambda _, given, scores: seen.append(
            [each.detach().clone() for each in (given[0], scores)]
        ),
    ):
        yield seen


@contextmanager
def noting(
    model: nn.Module, note: Callable[[nn.Module, Any, torch.Tensor], None]
) -> Iterator[None]:
    """Call `note` after each run of a linear layer of a model."""
    hooks = [
        module.register_forward_hook(note)
        for module in model.modules()
        if isinstance(module, nn.Linear)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def built(student: Any, features: torch.Tensor) -> nn.Module:
    """Let the student build a regressor, and show it some features: a lazy layer needs that.

    Raises:
        RejectedError: it is no module.
    """
    model = require_module(student.build_regressor(), "build_regressor()")
    model = model.to(features.device).eval()
    model(features)
    return model


def takes_hidden(model: nn.Module, x: torch.Tensor, hidden: int) -> None:
    """Run a model whose rows have as many numbers as there are hidden units, and a layer for it.

    Raises:
        RejectedError: no weights lead between the numbers of x and the hidden units.
    """
    sizes = [sorted(weight.shape) for weight in model.parameters()]
    if sorted([x.shape[1], hidden]) not in sizes:
        raise RejectedError("no layer has `in_features` inputs and `hidden` outputs.")
    model(x.new_zeros(len(x), hidden))


def answers_with(model: nn.Module, sets: list[Tensors]) -> Tensors:
    """Give a model's answers with each set of weights.

    Raises:
        RejectedError: it has no two linear layers with biases.
    """
    places = layers_of(model)
    answers = []
    for *values, inputs in sets:
        with torch.no_grad():
            for parameter, value in zip(places, values, strict=True):
                fitting = value if value.dim() < 2 or parameter.shape == value.shape else value.T
                parameter.copy_(fitting.reshape(parameter.shape))
            answers.append(model(inputs))
    return answers


def layers_of(model: nn.Module) -> list[torch.Tensor]:
    """Find W1, b1, W2 and b2 among a model's parameters, whichever way round the weights lie."""
    every = list(model.parameters())
    first = the_one([each for each in every if sorted(each.shape) == [2, 4]])
    lying = first.shape[0] < first.shape[1]
    pairs = [each for each in every if sorted(each.shape) == [1, 2]]
    alike = [each for each in pairs if (each.shape[0] < each.shape[1]) == lying]
    second = the_one(alike or pairs)
    return [first, bias_beside(model, first, second), second, bias_beside(model, second, first)]


def bias_beside(model: nn.Module, weight: Any, other: Any) -> torch.Tensor:
    """Find the bias of a layer: among what its module holds, if there is one."""
    holders = [each for each in model.modules() if weight in Same(each.parameters(recurse=False))]
    own = [each for holder in holders for each in holder.parameters(recurse=False)]
    numbers = min(weight.shape)
    fitting = [
        each
        for each in [*own, *model.parameters()]
        if each is not weight and each is not other and each.numel() == numbers
    ]
    return the_one(fitting)


class Same(list[Any]):
    """A list that knows what it holds by identity."""

    def __contains__(self, item: object) -> bool:
        """Whether this very object is in it."""
        return any(each is item for each in self)


def the_one(parameters: list[Any]) -> torch.Tensor:
    """Give the first of some parameters.

    Raises:
        RejectedError: there is none.
    """
    if not parameters:
        raise RejectedError("it should have two linear layers, 4 -> 2 -> 1, each with biases.")
    first: torch.Tensor = parameters[0]
    return first
