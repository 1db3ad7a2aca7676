"""What the hidden tests ask a submission."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from beside.repairs import of_size, only_64
from beside.updates import Nested, noted_passes, noted_updates
from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    gradient_values,
    lent,
    named_layers,
    network,
    parameter_values,
    set_gradients,
)
from grader.suite import probe
from kit.networks import (
    CLASS_WEIGHTS,
)
from kit.update.checking import GRADIENTS, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    UpdateCase = tuple[Tensors, Tensors, float]
    StepCase = tuple[Tensors, torch.Tensor, torch.Tensor, float]
    Slip = Callable[[Tensors, Tensors, float], Named]
    ClearCase = tuple[Tensors, torch.Tensor, torch.Tensor, bool]

__all__ = [
    "LOSS",
    "clear",
    "first_step",
    "old_gradients",
    "one_stride",
    "two_steps",
    "update",
    "update_and_go_back",
    "update_nested",
    "update_twice",
]

LOSS = "the returned loss"


def old_gradients(weights: Tensors) -> Tensors:
    """Make up what another batch left in a model with these weights."""
    return [weight.flip(0) + 0.1 for weight in weights]


class ForgivingLinear(nn.Linear):
    """A layer to whose parameters plain tensors can be assigned."""

    def __setattr__(self, name: str, value: Any) -> None:
        """Take the values of a tensor that is assigned to a parameter."""
        parameter = self.__dict__.get("_parameters", {}).get(name)
        if parameter is not None and isinstance(value, torch.Tensor):
            parameter.data = value.detach()
        else:
            super().__setattr__(name, value)


def forgiving(model: nn.Module) -> nn.Module:
    """Let plain tensors be assigned to the parameters of a model's layers."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.__class__ = ForgivingLinear
    return model


def one_stride(weight: torch.Tensor, gradient: torch.Tensor, lr: float) -> torch.Tensor:
    """Give the weight after one step."""
    return weight - lr * gradient


def updated_model(
    student: Any,
    build: Callable[[Tensors], nn.Module],
    case: tuple[Tensors, Sequence[torch.Tensor | None], float],
    *,
    lend: bool,
    times: int = 1,
) -> tuple[nn.Module, list[nn.Parameter]]:
    """Let the student update a model; give it with the parameters that it had before."""
    weights, gradients, lr = case

    def run(model: nn.Module, slopes: Sequence[torch.Tensor | None] = gradients) -> None:
        set_gradients(model, slopes)
        with ExitStack() as stack:
            if lend:
                stack.enter_context(lent(student, "updated", one_stride))
            for _ in range(times):
                student.update_parameters(model, lr)

    filled = [
        torch.zeros_like(weight) if gradient is None else gradient
        for weight, gradient in zip(weights, gradients, strict=True)
    ]
    model = build(weights)
    before = list(model.parameters())
    attempt(
        lambda: run(model),
        {
            "update-outside-no-grad": lambda: torch.no_grad()(run)(build(weights)),
            "missing-gradient-not-skipped": lambda: run(build(weights), filled),
            "tensor-assigned-to-parameter": lambda: run(forgiving(build(weights))),
        },
    )
    return model, before


def has_still(model: nn.Module, parameters: Sequence[nn.Parameter]) -> bool:
    """Whether these objects are the model's parameters."""
    return list(map(id, model.parameters())) == list(map(id, parameters))


@probe("update_parameters(model, lr)")
def update(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
    lend: bool,
) -> object:
    """Update a network of three layers; give its weights."""
    model, _ = updated_model(student, network, (weights, gradients, lr), lend=lend)
    return named_layers(parameter_values(model))


@probe("update_parameters(model, lr)")
def update_nested(
    student: Any,
    weights: Tensors,
    gradients: list[torch.Tensor | None],
    lr: float,
    lend: bool,
) -> object:
    """Update a network whose layers lie in blocks; give its weights."""
    model, _ = updated_model(student, Nested, (weights, gradients, lr), lend=lend)
    return named_layers(parameter_values(model))


@probe("update_parameters(model, lr), called twice,")
def update_twice(
    student: Any, weights: Tensors, gradients: Tensors, lr: float, lend: bool
) -> object:
    """Update a network twice by the gradients that it was given once; give its weights."""
    case = weights, gradients, lr
    model, before = updated_model(student, network, case, lend=lend, times=2)
    return {PARAMETERS: named_layers(parameter_values(model)), "same": has_still(model, before)}


@probe("update_parameters(model, lr), and a backward pass after it,")
def update_and_go_back(
    student: Any,
    weights: Tensors,
    gradients: Tensors,
    lr: float,
    images: torch.Tensor,
    labels: torch.Tensor,
    lend: bool,
) -> object:
    """Update a network; give the gradients that its first parameters get from a batch then."""
    model, before = updated_model(student, network, (weights, gradients, lr), lend=lend)
    for parameter in before:
        parameter.grad = None
    loss = loss_of(model, images, labels)
    if loss.requires_grad:
        loss.backward()
    return {GRADIENTS: named_layers(gradient_values(before)), "same": has_still(model, before)}


def loss_of(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Measure the loss of a batch."""
    criterion = nn.NLLLoss(weight=images.new_tensor(CLASS_WEIGHTS))
    loss: torch.Tensor = criterion(model(images.flatten(start_dim=1)), labels)
    return loss


@probe("clear_gradients(model), and a backward pass of a new batch after it,")
def clear(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, missing: bool
) -> object:
    """Clear what the first half of a batch has left; give the gradients of the second half."""
    (first, second), (marks, others) = images.chunk(2), labels.chunk(2)

    def cleared(*, missing: bool) -> nn.Module:
        model = network(weights)
        loss_of(model, first, marks).backward()
        *_, last = model.parameters()
        last.grad = None if missing else last.grad
        student.clear_gradients(model)
        return model

    model = attempt(
        partial(cleared, missing=missing),
        {"missing-gradient-not-skipped": partial(cleared, missing=False)},
    )
    loss_of(model, second, others).backward()
    return {GRADIENTS: named_layers(gradient_values(model.parameters()))}


def step_in_place(model: nn.Module, lr: float) -> None:
    """Take one step with every parameter that has a gradient."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.sub_(lr * parameter.grad)


def report_steps(
    student: Any,
    weights: Tensors,
    stale: Sequence[torch.Tensor | None],
    batches: Sequence[Batch],
    lr: float,
    *,
    lend: bool,
) -> dict[str, object]:
    """Let the student take a step on each batch, and report what became of the model.

    `trace` holds a B for each backward pass, a U for each update that finds a gradient and a u for
    one that finds none, and ends with a g if gradients are there at the end. The loss is the first.
    """
    criterion = nn.NLLLoss(weight=weights[0].new_tensor(CLASS_WEIGHTS))
    trace: list[str] = []
    right = (
        ("updated", one_stride),
        ("update_parameters", step_in_place),
        ("clear_gradients", nn.Module.zero_grad),
    )

    def run(
        criterion: nn.Module = criterion,
        before: Sequence[torch.Tensor | None] = stale,
        parts: Sequence[Batch] = batches,
    ) -> tuple[nn.Module, list[object]]:
        model = noted_passes(network(weights), trace)
        set_gradients(model, before)
        with ExitStack() as stack:
            for name, function in right if lend else ():
                stack.enter_context(lent(student, name, function))
            stack.enter_context(noted_updates(student, trace))
            return model, [student.training_step(model, criterion, *part, lr) for part in parts]

    model, losses = attempt(
        run,
        {
            "images-not-flattened": lambda: run(
                parts=[(images.flatten(start_dim=1), labels) for images, labels in batches]
            ),
            "criterion-arguments-swapped": lambda: run(SwappedCriterion(criterion)),
            "missing-gradient-not-skipped": lambda: run(
                before=[torch.zeros_like(weight) for weight in weights]
            ),
            "fixed-batch-size": lambda: only_64(
                lambda size: run(parts=[of_size(size, *part) for part in batches])
            ),
        },
    )
    gradients = gradient_values(model.parameters())
    trace += ["g"] * any(bool(gradient.any()) for gradient in gradients)
    values = named_layers(parameter_values(model))
    return {PARAMETERS: values, LOSS: losses[0], "trace": "".join(trace)}


@probe("training_step(model, criterion, images, labels, lr)")
def first_step(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    lend: bool,
) -> object:
    """Take the first step of a new model."""
    batches = [(images, labels)]
    return report_steps(student, weights, [None] * len(weights), batches, lr, lend=lend)


@probe("training_step(model, criterion, images, labels, lr), called twice,")
def two_steps(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    lr: float,
    lend: bool,
) -> object:
    """Take a step on each half of a batch, with a model that holds old gradients."""
    halves = list(zip(images.chunk(2), labels.chunk(2), strict=True))
    return report_steps(student, weights, old_gradients(weights), halves, lr, lend=lend)
