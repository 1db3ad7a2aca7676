"""A parameter that is followed from one backward pass to the next."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from torch.autograd.graph import Node

__all__ = ["Shown", "Slope", "behind", "followed", "is_cut", "nodes_of", "same", "slope_after"]

MOST_NODES = 200  # of a graph; the one of a loss that was added up over an epoch has thousands


@dataclass(frozen=True)
class Shown:
    """What a model was given, and what it gave.

    Attributes:
        given: the numbers, not a copy.
        output: likewise, without its graph.
        made_by: the node of the graph that made the output.
    """

    given: torch.Tensor
    output: torch.Tensor
    made_by: object


@dataclass(frozen=True)
class Slope:
    """What a backward pass has left in a parameter.

    Attributes:
        parameter: the one.
        values: a copy of what it held then.
        gradient: a copy of its gradient.
    """

    parameter: torch.Tensor
    values: torch.Tensor
    gradient: torch.Tensor

    def climbed(self) -> float:
        """Return how far the parameter has gone up the gradient since then; 0 where it stayed."""
        moved = self.parameter.detach() - self.values
        return float((moved * self.gradient).sum())

    def is_still_there(self) -> bool:
        """Whether the parameter's gradient is the same as then, and not all zeros."""
        now = self.parameter.grad
        return now is not None and same(now, self.gradient) and bool(now.any())

    def is_cleared(self) -> bool:
        """Whether the parameter has no gradient any more, or zeros."""
        now = self.parameter.grad
        return now is None or not now.any()


def same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors hold the same numbers, as the same type."""
    alike = one.shape == other.shape and one.dtype == other.dtype and one.device == other.device
    return alike and torch.equal(one, other)


def followed(nodes: Iterable[Node]) -> torch.Tensor | None:
    """Return the parameter that lies nearest to the loss of a graph, if that leads to one."""
    return next((leaf for leaf in leaves_of(nodes) if isinstance(leaf, nn.Parameter)), None)


def behind(nodes: Iterable[Node], shown: Iterable[Shown]) -> Shown | None:
    """Return what a model was shown last of that which a loss was made from, if that is known."""
    known = set(nodes)
    return next((each for each in reversed([*shown]) if each.made_by in known), None)


def is_cut(loss: torch.Tensor, nodes: Iterable[Node], shown: Iterable[Shown]) -> bool:
    """Whether a loss begins at itself, or at a copy of what a model gave, and so at no parameter.

    Args:
        loss: what a backward pass begins from.
        nodes: those of its graph.
        shown: what the model was shown since the last one.
    """
    leaves = list(leaves_of(nodes))
    copied = (all(same(leaf, each.output) for leaf in leaves) for each in shown)
    return loss.is_leaf or (bool(leaves) and any(copied))


def slope_after(parameter: torch.Tensor | None) -> Slope | None:
    """Return what a backward pass has just left in a parameter."""
    if parameter is None or parameter.grad is None or parameter.grad.is_sparse:
        return None
    return Slope(parameter, parameter.detach().clone(), parameter.grad.detach().clone())


def leaves_of(nodes: Iterable[Node]) -> Iterator[torch.Tensor]:
    """Yield the leaves of a graph, the nearest first."""
    for node in nodes:
        leaf = getattr(node, "variable", None)
        if isinstance(leaf, torch.Tensor):
            yield leaf


def nodes_of(loss: torch.Tensor) -> list[Node]:
    """Return the nodes of a loss's graph, the nearest first; of a large graph not all."""
    seen: dict[Node, None] = {}
    nodes = deque([loss.grad_fn])
    while nodes and len(seen) < MOST_NODES:
        node = nodes.popleft()
        if node is None or node in seen:
            continue
        seen[node] = None
        nodes.extend(following for following, _ in node.next_functions)
    return list(seen)
