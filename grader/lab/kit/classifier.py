"""The network of ex03, computed in the judge from weights that the guest's model is given too.

A model that answers as this does has these layers; nothing that it says of itself is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from grader.guest.probing import values_by_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    Step = Callable[[Tensor], Tensor]

__all__ = ["HEADS", "PIXELS", "Classifier", "by_class", "known_values", "unchanged"]

PIXELS, CLASSES = 784, 10
LAYERS = ((128, PIXELS), (64, 128), (CLASSES, 64))  # of each, (out, in)
# of a network that a guest may name, to be computed here
MOST_LAYERS, MOST_UNITS, MOST_WEIGHTS = 6, 4096, 2_000_000


def unchanged(x: Tensor) -> Tensor:
    """Give what comes in."""
    return x


def by_class(scores: Tensor) -> Tensor:
    """Give log-probabilities (n, classes) for scores (n, classes)."""
    return torch.log_softmax(scores, 1)


# What students have put between two layers, beside ReLU, and at the end, beside log-softmax.
ACTIVATIONS: tuple[Step, ...] = (
    *(unchanged, torch.sigmoid, torch.tanh, F.elu, F.selu, F.celu, F.gelu, F.silu, F.mish),
    *(F.softplus, F.relu6, F.hardswish, F.hardsigmoid, F.hardtanh, F.softsign, F.logsigmoid),
    partial(F.gelu, approximate="tanh"),
    *[partial(F.leaky_relu, negative_slope=slope) for slope in (0.01, 0.1, 0.2, 0.25)],
)
HEADS: dict[str, Step] = {
    "log-softmax-over-batch": lambda scores: torch.log_softmax(scores, 0),
    "softmax-without-log": lambda scores: scores.softmax(1),
    "scores-not-log-probabilities": unchanged,
    "relu-on-the-scores": lambda scores: by_class(scores.relu()),
}


@dataclass(frozen=True)
class Classifier:
    """A network with the weights that `values_by_shape` gives its layers, right unless replaced.

    Attributes:
        layers: the sizes (out, in) of the linear layers, in the order in which images pass them.
        bias: what the biases are multiplied by; 0 where there are none.
        first: what stands after the first layer.
        later: what stands after each of the others but the last.
        head: what stands at the end.
        sharpness: what the last layer's weights are multiplied by.
    """

    layers: Sequence[tuple[int, int]] = LAYERS
    bias: float = 1.0
    first: Step = torch.relu
    later: Step = torch.relu
    head: Step = by_class
    sharpness: float = 1.0

    def __call__(self, images: Tensor) -> Tensor:
        """Run the network on images (n, 784)."""
        x = images
        for place, (outputs, inputs) in enumerate(self.layers):
            last = place + 1 == len(self.layers)
            x = x if place == 0 else self.first(x) if place == 1 else self.later(x)
            scale = self.sharpness if last else 1.0
            weight, bias = known_values((outputs, inputs)), known_values((outputs,))
            x = x @ (scale * weight).T + self.bias * scale * bias
        return self.head(x)

    def with_layers_of(self, shapes: object) -> Classifier:
        """Return the same network with the layers that a model's parameters make, if they do.

        Args:
            shapes: a guest's list of its parameters' shapes, without sizes of 1.
        """
        named = _plausible(shapes)
        left, width = [shape for shape in named if len(shape) == 2], PIXELS
        layers: list[tuple[int, int]] = []
        while found := next((shape for shape in left if width in shape), None):
            left.remove(found)
            layers.append((sum(found) - width, width))
            width = layers[-1][0]
        if not layers or left or width != CLASSES:
            return self
        return replace(self, layers=layers, bias=float(len(named) > len(layers)))

    def others(self, heads: Sequence[Step] = (by_class,)) -> dict[str, Classifier]:
        """Return networks with other activations between the same layers, and these heads."""
        pairs = [*zip(ACTIVATIONS, ACTIVATIONS, strict=True)]
        pairs += [(torch.relu, unchanged), (unchanged, torch.relu), (torch.relu, torch.relu)]
        return {
            f"way {place}": replace(self, first=first, later=later, head=head)
            for place, ((first, later), head) in enumerate(product(pairs, heads))
        }


known_values = lru_cache(maxsize=16)(values_by_shape)


def _plausible(shapes: object) -> list[tuple[int, ...]]:
    """Return a guest's shapes, if they are of layers that can be computed here."""
    if not isinstance(shapes, list) or len(shapes) > 2 * MOST_LAYERS:
        return []
    return [tuple(shape) for shape in shapes if _is_of_a_layer(shape)]


def _is_of_a_layer(shape: object) -> bool:
    if not isinstance(shape, list) or len(shape) not in {1, 2}:
        return False
    sizes = all(type(size) is int and 0 < size <= MOST_UNITS for size in shape)
    return sizes and prod(shape) <= MOST_WEIGHTS
