"""For probes of the lab's notebook: the names that its cells left, and images as it saw them."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from beside.layers import noted_layers, noted_scores
from grader.guest.probing import JOURNAL, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "as_seen",
    "events",
    "holdings",
    "judged",
    "last_scores",
    "layers_run",
    "model_of",
    "optimizer_of",
    "output",
    "raw_output",
]

PARTS = 25  # points of the curve that the report draws


def model_of(student: Any) -> nn.Module:
    """Return the notebook's model.

    Raises:
        RejectedError: the name stands for something else.
    """
    model = student["model"]
    if isinstance(model, nn.Module):
        return model
    raise RejectedError(f"`model` is {kind(model)}; expected an nn.Module.")


def kind(value: object) -> str:
    """Name what kind of thing a value is."""
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def output(model: nn.Module, images: torch.Tensor) -> Any:
    """Return what a model gives for images (n, 784), or for (n, 1, 28, 28) if it flattens itself.

    Dropout is off meanwhile, and nothing is watched.
    """
    with judged(model), torch.no_grad():
        return raw_output(model, images)


def raw_output(model: nn.Module, images: torch.Tensor) -> Any:
    """Return the same of a model in the mode in which it is."""
    rows = images.to(next(model.parameters(), images).device)
    given = None
    try:
        given = model(rows)
    except Exception:
        with suppress(Exception):
            given = model(rows.reshape(-1, 1, 28, 28))
        if given is None:
            raise  # what the contract's own shape has raised
    return given


@contextmanager
def judged(model: nn.Module) -> Iterator[nn.Module]:
    """Put a model into eval mode for a while."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield model.eval()
    finally:
        for module, training in modes:
            module.training = training


def last_scores(model: nn.Module, images: torch.Tensor) -> torch.Tensor | None:
    """Return what the model's last linear layer to be run gives, if it has one."""
    with noted_scores(model) as seen:
        output(model, images)
    return seen[-1] if seen else None


def layers_run(model: nn.Module, images: torch.Tensor) -> list[list[torch.Tensor]]:
    """Return what each linear layer of a model is given and gives, in the order of their runs."""
    with noted_layers(model) as seen:
        output(model, images)
    return seen


def as_seen(images: torch.Tensor) -> torch.Tensor:
    """Return images (n, 28, 28) of bytes as the notebook's training set gave them, (n, 784)."""
    from torchvision.transforms import ToTensor

    from beside.mnist import seen_through

    seen = seen_through(JOURNAL.transform() or ToTensor(), images.cpu())
    rows = torch.stack([torch.as_tensor(row) for row in seen])
    return rows.reshape(len(images), -1).to(images.device)


def optimizer_of(student: Any) -> torch.optim.Optimizer:
    """Return the notebook's optimizer.

    Raises:
        RejectedError: the name stands for something else.
    """
    optimizer = student["optimizer"]
    if isinstance(optimizer, torch.optim.Optimizer):
        return optimizer
    raise RejectedError(f"`optimizer` is {kind(optimizer)}; expected an optimizer of torch.optim.")


def holdings(student: Any) -> dict[str, object]:
    """Return the names of the model's parameters, which the optimizer holds, and how many others.

    And its largest learning rate.

    Raises:
        RejectedError: the optimizer is none.
    """
    groups = optimizer_of(student).param_groups
    held = {id(weight) for group in groups for weight in group["params"]}
    named = dict(model_of(student).named_parameters())
    names = [name for name, weight in named.items() if id(weight) in held]
    rate = max((float(group.get("lr", 0.0)) for group in groups), default=0.0)
    others = len(held) - len(names)
    return {"parameters": list(named), "held": names, "others": others, "rate": rate}


def events() -> dict[str, object]:
    """Return what the recording says: of the task's cell, or since `model` was last made."""
    from beside.mnist import training_images

    recorded = JOURNAL.recorded
    counts = recorded.counts
    kinds = ("by hand", "repeated", "cut", "added", "cleared")
    return {
        "events": recorded.events,
        "steps": counts["S"] + counts["U"],
        "empty steps": counts["s"],
        "backward passes": counts["B"],
        **{kind: counts[kind] for kind in kinds},
        "epochs": recorded.examples / training_images(),
        "losses": averaged(recorded.losses),
        "first_loss": recorded.losses[0] if recorded.losses else 0.0,
        "beginnings": [vars(each) for each in recorded.beginnings],
        **passes(),
    }


def passes() -> dict[str, int]:
    """Count the passes through a loader in which steps were taken, and two kinds of them.

    Those that ended after the first of several batches, and those of several batches that were all
    drawn before the only step.
    """
    every = [each for each in JOURNAL.recorded.passes if each.steps]
    alone = [each for each in every if each.steps == 1 < each.batches]
    return {
        "passes": len(every),
        "passes of one batch": sum(each.drawn == 1 for each in alone),
        "passes of one step": sum(each.drawn == each.batches for each in alone),
    }


def averaged(losses: list[float]) -> list[float]:
    """Return the means of up to 25 parts of a training, one after the other."""
    parts = torch.tensor(losses, dtype=torch.float64).tensor_split(min(PARTS, len(losses) or 1))
    return [part.mean().item() for part in parts if len(part)]
