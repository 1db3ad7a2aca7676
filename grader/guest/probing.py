"""What probes are made of: small networks of known weights, and ways to say what was wrong.

Probes run in the guest, so everything here is open to the submission.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from unittest import mock

import torch
from torch import nn
from torch._functorch import eager_transforms

from grader.guest.crossing.kinds import kind_in_words, unusable
from grader.guest.loading.journal import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "JOURNAL",
    "RecognisedError",
    "RejectedError",
    "SwappedCriterion",
    "attempt",
    "attempting_by",
    "autograd_off",
    "draw_weights",
    "gradient_values",
    "lent",
    "named_items",
    "named_layers",
    "network",
    "no_grad_ignored",
    "parameter_values",
    "regression_network",
    "require_module",
    "set_gradients",
    "set_parameters",
    "unfit",
    "unwatched_changes",
    "values_by_shape",
    "watched",
    "works",
]


T = TypeVar("T")
Attempting = Callable[[Callable[[], Any], Mapping[str, Callable[[], object]]], Any]

_attempting: list[Attempting] = []


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


def unfit(value: object, expected: str, call: str = "it") -> RejectedError:
    """Return the error for what a function returned in the place of an object of some type.

    Where it is None, or a class or function in the place of what that makes, the mistake is known.
    """
    came = kind_in_words(value)
    return RejectedError(f"{call} returned {came}; expected {expected}.", unusable(value))


def require_module(value: object, call: str) -> nn.Module:
    """Return `value` if it is a module.

    Raises:
        RejectedError: it is something else; `call` is named as what gave it.
    """
    if isinstance(value, nn.Module):
        return value
    raise unfit(value, "an nn.Module", f"`{call}`")


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


def regression_network(weights: Sequence[torch.Tensor]) -> nn.Sequential:
    """Build Linear-Tanh-Linear with given weights: W1 (out, in), b1 (out,), W2, b2; copied."""
    hidden, features = weights[0].shape
    model = nn.Sequential(nn.Linear(features, hidden), nn.Tanh(), nn.Linear(hidden, 1))
    model.to(device=weights[0].device, dtype=weights[0].dtype)
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
    """Name parameters, in their order: the weight and the bias of linear layer 1, then of 2."""
    kinds = ("weight", "bias")
    return {
        f"{kinds[place % 2]} of linear layer {place // 2 + 1}": value
        for place, value in enumerate(values)
    }


def attempt(call: Callable[[], T], remedies: Mapping[str, Callable[[], object]]) -> T:
    """Run the student's code; where it raises, find out why by what keeps it from raising.

    Args:
        call: runs the student's code.
        remedies: slug of a mistake to a call that repeats everything on fresh objects with that
            mistake made harmless.

    Raises:
        RecognisedError: `call` raised, and one of the remedies did not.
    """
    if _attempting:
        result: T = _attempting[-1](call, remedies)
        return result
    try:
        return call()
    except Exception as error:
        for mistake, remedy in remedies.items():
            if works(remedy):
                raise RecognisedError(mistake) from error
        raise


@contextmanager
def attempting_by(other: Attempting) -> Iterator[None]:
    """Let something else do what `attempt` does: a proof tries all of the remedies."""
    _attempting.append(other)
    try:
        yield
    finally:
        _attempting.remove(other)


def works(call: Callable[[], object]) -> bool:
    """Whether a call of the student's code ends without an exception."""
    try:
        call()
    except Exception:  # noqa: BLE001 - the student's code; why it fails has been reported already
        return False
    return True


@contextmanager
def autograd_off() -> Iterator[None]:
    """Keep the code inside from differentiating by autograd: a teaching rail, not a wall.

    Inference mode takes no notes, whatever `enable_grad` says. `torch.func` takes its own and names
    imported earlier can't be taken away, so each of the two measures holds where the other doesn't.
    """
    places: list[tuple[object, str]] = [
        (torch.autograd, "grad"),
        (torch.autograd, "backward"),
        (torch.Tensor, "backward"),
        (torch.autograd.forward_ad, "make_dual"),
        (eager_transforms, "_autograd_grad"),  # what torch.func.grad calls
    ]
    # not every release of torch has the last one, which is not public
    kept = [(owner, name, getattr(owner, name)) for owner, name in places if hasattr(owner, name)]
    for owner, name, _ in kept:
        setattr(owner, name, _refusing())
    try:
        with torch.inference_mode():
            yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


def _refusing() -> Callable[..., NoReturn]:
    """Return a function that refuses; a new one each time, as torch keeps a table by identity."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("autograd is switched off while this function is graded")

    return refuse


@contextmanager
def no_grad_ignored() -> Iterator[None]:
    """Let autograd take its notes also where the student's code says `torch.no_grad()`."""
    with mock.patch.object(torch, "no_grad", torch.enable_grad):
        yield


@contextmanager
def unwatched_changes() -> Iterator[None]:
    """Let changes in place go by unnoticed, also of a leaf that autograd is watching."""
    names = ("__isub__", "__iadd__", "sub_", "add_")
    kept = {name: getattr(torch.Tensor, name) for name in names}
    for name, function in kept.items():
        setattr(torch.Tensor, name, torch.no_grad()(function))
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(torch.Tensor, name, function)


def watched(x: torch.Tensor) -> torch.Tensor:
    """Let autograd watch a tensor, if it can."""
    return x.requires_grad_() if x.is_leaf else x


@contextmanager
def lent(student: Any, name: str, function: Callable[..., object]) -> Iterator[None]:
    """Let the student's code find a function of the suite's under a name of its own."""
    names: dict[str, object] = vars(student._module)  # noqa: SLF001 - what a probe may touch
    missing = object()
    before = names.get(name, missing)
    names[name] = function
    try:
        yield
    finally:
        if before is missing:
            del names[name]
        else:
            names[name] = before


def named_items(answer: object, names: Sequence[str]) -> dict[str, object]:
    """Put names to the items of a tuple or a list that a function gave back.

    Raises:
        RejectedError: it is something else, or has more or fewer items.
    """
    if isinstance(answer, tuple | list) and len(answer) == len(names):
        return dict(zip(names, answer, strict=True))
    items = f" of length {len(answer)}" if isinstance(answer, tuple | list) else ""
    came, expected = f"{kind_in_words(answer)}{items}", f"({', '.join(names)})"
    raise RejectedError(f"it returned {came}; expected {expected}.", unusable(answer))


def draw_weights(model: nn.Module, seed: int, scale: float) -> None:
    """Give a model of any layers random parameters; `scale` is about what a layer makes of ones."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            values = torch.randn(parameter.shape, generator=generator)
            inputs = max(parameter.shape) if parameter.dim() > 1 else 1
            parameter.copy_(scale * values / math.sqrt(inputs))


def values_by_shape(shape: Sequence[int]) -> torch.Tensor:
    """Return the values for a parameter of this shape; (in, out) has those of (out, in) transposed.

    Whoever knows the shape knows the values: the judge computes with the same ones.
    """
    sizes = sorted(size for size in shape if size > 1)
    generator = torch.Generator().manual_seed(math.prod(sizes))
    scale = 1.2 / math.sqrt(sizes[-1]) if len(sizes) == 2 else 0.5
    values = torch.randn(sizes, generator=generator) * scale
    transposed = len(sizes) == 2 and list(shape) == sizes[::-1]
    return values.T if transposed else values.reshape(tuple(shape))
