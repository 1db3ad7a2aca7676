"""What a training loop is handed when it is watched: a model and an optimizer that take notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from beside.repairs import of_size
from grader.guest.probing import RejectedError, network

if TYPE_CHECKING:
    from collections.abc import Callable

    Tensors = list[torch.Tensor]
    Settings = dict[str, Any]

__all__ = ["Bench", "in_batches_of", "step_comes_first"]


class TracedNetwork(nn.Module):
    """A network that notes an F for each forward pass, a B for each backward, a Z when cleared."""

    def __init__(self, weights: Tensors, trace: list[str]) -> None:
        super().__init__()
        self.layers = network(weights)
        self.trace = trace
        *_, last = self.layers.parameters()
        last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        self.trace.append("F")
        scores: torch.Tensor = self.layers(features)
        return scores

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients."""
        self.trace.append("Z")
        super().zero_grad(set_to_none)


class TracedSGD(torch.optim.SGD):
    """SGD that notes a Z for each clearing and an S for each step; s if it found no gradient.

    Attributes:
        idle: whether a step changes nothing.
    """

    def __init__(self, model: TracedNetwork, lr: float, momentum: float) -> None:
        super().__init__(model.parameters(), lr=lr, momentum=momentum)
        self.model = model
        self.idle = False

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients."""
        self.model.trace.append("Z")
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        """Take a step."""
        slopes = [parameter.grad for parameter in self.model.parameters()]
        found = any(slope is not None and bool(slope.any()) for slope in slopes)
        self.model.trace.append("S" if found else "s")
        return None if self.idle else super().step(closure)


class Bench:
    """Everything that a loop is handed."""

    def __init__(
        self, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, settings: Settings
    ) -> None:
        self.trace: list[str] = []
        self.model = TracedNetwork(weights, self.trace)
        self.loader = DataLoader(TensorDataset(images, labels), batch_size=settings["batch_size"])
        class_weights = weights[0].new_tensor(settings["class_weights"])
        self.criterion: nn.Module = nn.NLLLoss(weight=class_weights)
        self.batch_losses: list[float] = []
        self.criterion.register_forward_hook(
            lambda _, __, loss: self.batch_losses.append(loss.item())
        )
        self.optimizer = TracedSGD(self.model, settings["lr"], settings["momentum"])
        self.epochs: int = settings["epochs"]

    def run_idle(self, loop: Callable[[Bench], object]) -> str:
        """Run a loop whose steps change nothing; give what it did, as `trace` has it."""
        self.optimizer.idle = True
        loop(self)
        return "".join(self.trace).upper()


def step_comes_first(bench: Bench, loop: Callable[[Bench], object]) -> None:
    """Run a loop whose steps change nothing, if the first comes before the first backward pass.

    Raises:
        RejectedError: it comes later, so it is another change in place that gets in the way.
    """
    if "S" not in bench.run_idle(loop).partition("B")[0]:
        raise RejectedError("the first step comes after the backward pass of its batch")


def in_batches_of(size: int, *case: Any) -> Bench:
    """Make a bench with as many batches as a case has, each of this many images."""
    weights, images, labels, settings = case
    batches = -(-len(labels) // settings["batch_size"])
    more = of_size(batches * size, images, labels)
    return Bench(weights, *more, settings | {"batch_size": size})
