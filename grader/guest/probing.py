"""What probes are made of: small networks of known weights, and ways to say what was wrong.

Probes run in the guest, so everything here is open to the submission.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "RecognisedError",
    "RejectedError",
    "SwappedCriterion",
    "attempt",
    "gradient_values",
    "named_layers",
    "network",
    "parameter_values",
    "require_module",
    "set_gradients",
    "set_parameters",
]


T = TypeVar("T")


class RejectedError(Exception):
    """An object of the student's is unfit; the message is a sentence for the student.

    Attributes:
        mistake: slug of the mistake that it shows, or empty.
    """

    def __init__(self, message: str, mistake: str = "") -> None:
        super().__init__(message)
        self.mistake = mistake


class RecognisedError(Exception):
    """Raised `from` an exception of the student's code whose cause a probe has recognised."""

    def __init__(self, mistake: str) -> None:
        super().__init__(mistake)
        self.mistake = mistake


def require_module(value: object, call: str) -> nn.Module:
    """Return `value` if it is a module.

    Raises:
        RejectedError: it is something else; `call` is named as what gave it.
    """
    if isinstance(value, nn.Module):
        return value
    raise RejectedError(f"`{call}` gave back {type(value).__name__}; expected an nn.Module.")


def network(weights: Sequence[torch.Tensor]) -> nn.Sequential:
    """Build Linear-ReLU-…-Linear-LogSoftmax with given weights.

    Args:
        weights: W1 (out, in), b1 (out,), W2, b2, …; they are copied.
    """
    layers: list[nn.Module] = []
    for weight in weights[::2]:
        out_features, in_features = weight.shape
        linear = nn.Linear(in_features, out_features, device=weight.device, dtype=weight.dtype)
        layers += [linear, nn.ReLU()]
    model = nn.Sequential(*layers[:-1], nn.LogSoftmax(dim=1))
    set_parameters(model, weights)
    return model


def set_parameters(model: nn.Module, values: Sequence[torch.Tensor]) -> None:
    """Copy values into a model's parameters, in their order.

    Raises:
        RejectedError: the model's parameters have other shapes.
    """
    parameters = list(model.parameters())
    shapes = [tuple(parameter.shape) for parameter in parameters]
    expected = [tuple(value.shape) for value in values]
    if shapes != expected:
        raise RejectedError(
            f"The model's parameters have the shapes {shapes}; expected {expected}."
        )
    with torch.no_grad():
        for parameter, value in zip(parameters, values, strict=True):
            parameter.copy_(value)


def parameter_values(model: nn.Module) -> list[torch.Tensor]:
    """Return copies of a model's parameters, in their order."""
    return [parameter.detach().clone() for parameter in model.parameters()]


def set_gradients(model: nn.Module, gradients: Sequence[torch.Tensor | None]) -> None:
    """Give a model's parameters these gradients, in their order; they are copied."""
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        parameter.grad = None if gradient is None else gradient.clone()


def gradient_values(parameters: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    """Return copies of the gradients of some parameters; zeros where there is none."""
    return [
        torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.detach().clone()
        for parameter in parameters
    ]


class SwappedCriterion(nn.Module):
    """A criterion for code that hands over the labels before the predictions."""

    def __init__(self, criterion: nn.Module) -> None:
        super().__init__()
        self.criterion = criterion

    def forward(self, labels: torch.Tensor, predictions: torch.Tensor) -> torch.Tensor:
        """Measure the loss with the arguments in the right order."""
        loss: torch.Tensor = self.criterion(predictions, labels)
        return loss


def named_layers(values: Sequence[torch.Tensor]) -> dict[str, torch.Tensor]:
    """Name parameters, in their order, as the lecture does: W1, b1, W2, b2."""
    return {f"{'Wb'[place % 2]}{place // 2 + 1}": value for place, value in enumerate(values)}


def attempt(call: Callable[[], T], remedies: Mapping[str, Callable[[], object]]) -> T:
    """Run the student's code; where it raises, find out why by what keeps it from raising.

    Args:
        call: runs the student's code.
        remedies: slug of a mistake to a call that repeats everything on fresh objects with that
            mistake made harmless.

    Raises:
        RecognisedError: `call` raised, and one of the remedies did not.
    """
    try:
        return call()
    except Exception as error:
        for mistake, remedy in remedies.items():
            if _runs(remedy):
                raise RecognisedError(mistake) from error
        raise


def _runs(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:  # noqa: BLE001 - the student's code; why it fails has been reported already
        return False
    return True
