"""What checks and hidden tests both ask of the layers of the notebook's model."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from grader.suite import difference, expect
from kit.notebook.lab_training import model_layers

if TYPE_CHECKING:
    from grader.suite import Answer, Student

__all__ = ["expect_layers"]

LAYERS = 3  # 784 -> 128 -> 64 -> 10; the sizes between are free
WITHOUT_THE_SECOND = [[128, 784], [10, 128]]
LEFT_OUT: dict[tuple[bool, ...], str] = {
    (True, True): "no-relu-between",
    (True, False): "no-relu-after-the-first-layer",
    (False, True): "no-relu-after-the-second-layer",
}


def expect_layers(student: Student, images: torch.Tensor) -> None:
    """Require two hidden layers, and that no linear layer is given what another one gives.

    Args:
        student: whose model it is.
        images: (n, 784), that drive its scores far from zero, to both sides.

    Raises:
        WrongAnswer: the model has fewer layers, or nothing stands between two of them.
    """
    answer = model_layers(student, images)
    weights = answer["weights"].value
    count = len(weights) if isinstance(weights, list) else 0
    expect(answer).satisfies(
        count >= LAYERS,
        f"layers of `model` with weights: {count}. The task asks for three: 784 -> 128 -> 64 -> "
        "10, with ReLU between them.",
        "one-hidden-layer-missing" if weights == WITHOUT_THE_SECOND else None,
    )
    bare = nothing_between(answer["layers"])
    expect(answer).satisfies(
        not any(bare),
        "a linear layer is given what another one gives, with nothing between them. The task asks "
        "for ReLU between the layers.",
        LEFT_OUT.get(bare),
    )


def nothing_between(layers: Answer) -> tuple[bool, ...]:
    """Return for each two linear layers, one after the other, whether nothing stands between."""
    value = layers.value
    every = [layers[place] for place in range(len(value))] if isinstance(value, list) else []
    return tuple(
        are_alike(after["given"].value, before["scores"].value) for before, after in pairwise(every)
    )


def are_alike(given: object, scores: object) -> bool:
    """Whether these are tensors of the same numbers."""
    tensors = isinstance(given, torch.Tensor) and isinstance(scores, torch.Tensor)
    return tensors and difference(given, scores) is None
