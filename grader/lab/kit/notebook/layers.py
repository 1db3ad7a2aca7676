"""What checks and hidden tests both ask of the layers of the notebook's model."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from grader.suite import difference, expect
from kit.notebook.lab_training import model_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.suite import Answer, Student

__all__ = ["expect_layers"]

BESIDE_FEWER = 3  # images with which the first ones are shown once more
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
    answer, again = model_layers(student, images), model_layers(student, images[:BESIDE_FEWER])
    weights = sizes_in(answer["weights"].value)
    count = len(weights)
    expect(answer).satisfies(
        count >= LAYERS,
        f"layers of `model` with weights: {count}. The task asks for three: 784 -> 128 -> 64 -> "
        "10, with ReLU between them.",
        "one-hidden-layer-missing" if weights == WITHOUT_THE_SECOND else None,
    )
    expect(again).satisfies(
        are_of_one_model(scores_in(answer), scores_in(again)),
        "the same image gets a different answer when the model is called with other images.",
    )
    bare = nothing_between(answer["layers"])
    expect(answer).satisfies(
        not any(bare),
        "a linear layer is given what another one gives, with nothing between them. The task asks "
        "for ReLU between the layers.",
        LEFT_OUT.get(bare),
    )


def sizes_in(value: object) -> list[list[int]]:
    """Return the shapes that an answer lists; none where it is something else."""
    every = value if isinstance(value, list) else []
    return [each for each in every if isinstance(each, list) and all(map(is_whole, each))]


def is_whole(value: object) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int)


def scores_in(answer: Answer) -> list[object]:
    """Return what the linear layers give, or the model where none was seen.

    It is what only a model gives: for an image the same, whichever others it is called with.
    """
    layers = answer["layers"]
    count = len(layers.value) if isinstance(layers.value, list) else 0
    return [layers[place]["scores"].value for place in range(count)] or [answer["output"].value]


def are_of_one_model(every: Sequence[object], fewer: Sequence[object]) -> bool:
    """Whether the scores of fewer images are the first of those of all."""
    return len(every) == len(fewer) and all(
        isinstance(one, torch.Tensor)
        and one.dim() > 1
        and difference(other, one[:BESIDE_FEWER]) is None
        for one, other in zip(every, fewer, strict=True)
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
