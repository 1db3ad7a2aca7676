"""What a model gives with other weights, and after a step of its optimizer; then all is undone."""

from __future__ import annotations

import math
from collections import defaultdict
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from beside.lab_names import judged, output, raw_output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["around_a_step", "other_weights", "weights_of"]

SMALL_STEP = 1e-4  # a learning rate with which every optimizer lowers the loss of its own batch


@contextmanager
def other_weights(model: nn.Module, seed: int) -> Iterator[None]:
    """Give a model random weights for a while."""
    weights = weights_of(model)
    generator = torch.Generator().manual_seed(seed)
    with kept(weights):
        for weight in weights:
            inputs = max(weight.shape) if weight.dim() > 1 else 1
            values = torch.randn(weight.shape, generator=generator) / math.sqrt(max(inputs, 1))
            weight.data.copy_(values)
        yield


def weights_of(model: nn.Module) -> list[torch.Tensor]:
    """Return a model's parameters, and what else in it is watched by autograd like one."""
    found: dict[int, torch.Tensor] = {id(each): each for each in model.parameters()}
    for module in model.modules():
        for value in vars(module).values():
            for each in parts_of(value):
                if isinstance(each, torch.Tensor) and each.is_leaf and each.requires_grad:
                    found[id(each)] = each
    return list(found.values())


def parts_of(value: object) -> Iterable[object]:
    """Return what is in a list, a tuple or a dict, or the value itself."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list | tuple) else (value,)


@contextmanager
def kept(weights: list[torch.Tensor]) -> Iterator[None]:
    """Give weights back their values and gradients afterwards."""
    before = [(weight, weight.detach().clone(), weight.grad) for weight in weights]
    try:
        for weight in weights:
            weight.grad = None
        yield
    finally:
        for weight, values, gradient in before:
            weight.data.copy_(values)
            weight.grad = gradient


@contextmanager
def watched(model: nn.Module) -> Iterator[None]:
    """Have autograd watch all of a model's parameters for a while; it may be frozen by now."""
    frozen = [each for each in model.parameters() if not each.requires_grad]
    for parameter in frozen:
        parameter.requires_grad_(True)
    try:
        yield
    finally:
        for parameter in frozen:
            parameter.requires_grad_(False)


@contextmanager
def fresh(optimizer: torch.optim.Optimizer) -> Iterator[None]:
    """Have an optimizer take small steps downhill for a while, as if they were its first."""
    state, optimizer.state = optimizer.state, defaultdict(dict)
    before = [dict(group) for group in optimizer.param_groups]
    try:
        for group in optimizer.param_groups:
            group["lr"] = SMALL_STEP
            if "maximize" in group:
                group["maximize"] = False
        yield
    finally:
        optimizer.state = state
        for group, options in zip(optimizer.param_groups, before, strict=True):
            group.update(options)


def around_a_step(
    model: nn.Module, optimizer: torch.optim.Optimizer, images: torch.Tensor, labels: torch.Tensor
) -> dict[str, object]:
    """Return a model's outputs for a batch before and after one step on this batch.

    A model whose weights have come to NaN or infinity takes it from other ones.
    """

    def measured() -> float:
        scores = raw_output(model, images)
        loss = F.cross_entropy(scores, labels.to(scores.device))
        if loss.requires_grad:
            loss.backward()
        return loss.item()

    held = [weight for group in optimizer.param_groups for weight in group["params"]]
    own = weights_of(model)
    finite = all(bool(weight.isfinite().all()) for weight in own)
    with kept([*own, *held]), nullcontext() if finite else other_weights(model, seed=1):
        before = output(model, images)
        with fresh(optimizer), judged(model), watched(model):
            measured()
            try:
                optimizer.step()
            except TypeError:  # one that measures the loss itself, as LBFGS does
                optimizer.step(measured)
        return {
            "the output before the step": before,
            "the output after the step": output(model, images),
        }
