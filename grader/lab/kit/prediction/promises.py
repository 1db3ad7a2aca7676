"""What the docstrings of ex10 promise besides the numbers, as the public checks ask for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from grader.suite import expect, probe
from kit.modes import expect_as_before
from kit.prediction.checking import LABELS, SHOWN, ask, dot_reader, images_of, predicted

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from grader.suite import Answer, Student

    Tensors = tuple[torch.Tensor, ...]

__all__ = ["expect_models_left_alone"]

DROPOUT = {
    True: "the dropout layer's .training after a call in training mode",
    False: "the dropout layer's .training after a call in evaluation mode",
}


def in_both_modes(
    like: torch.Tensor, use: Callable[[nn.Module], object], dim: int = 1
) -> dict[str, object]:
    """Use a model in evaluation mode and in training mode; say what was done to it."""
    graphs: list[bool] = []
    modes: dict[str, object] = {}
    for training in (False, True):
        model = dot_reader(like, dim).train(training)
        dropout, _, last = model.children()
        last.register_forward_hook(lambda _, __, output: graphs.append(output.requires_grad))
        use(model)
        modes[DROPOUT[training]] = dropout.training
    return {"graph": any(graphs), **modes}


@probe("predict(model, image), for each image in both modes of the model,")
def predicting(student: Any, images: torch.Tensor) -> object:
    """Let the student predict."""
    return predicted(student, images, partial(in_both_modes, images))


@probe("accuracy(model, loader), in both modes of the model,")
def measuring(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student find the accuracy."""
    return ask(student.accuracy, images, labels, through=partial(in_both_modes, images))


@probe("confusion_matrix(model, loader), in both modes of the model,")
def counting(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student count the confusions."""
    return ask(student.confusion_matrix, images, labels, through=partial(in_both_modes, images))


def expect_models_left_alone(student: Student) -> None:
    """Expect no graph, the mode that a model had before, and the same image."""
    images, labels = images_of(torch.tensor(SHOWN)), torch.tensor(LABELS)
    asked: list[tuple[Callable[..., Answer], Tensors]] = [
        (predicting, (images,)),
        (measuring, (images, labels)),
        (counting, (images, labels)),
    ]
    for look, given in asked:
        answer = look(student, *given)
        sentence = "autograd recorded a graph while the model ran. Nothing here needs one."
        expect(answer).satisfies(answer["graph"].value is False, sentence, "graph-built")
        expect_as_before(answer, DROPOUT, "left-in-evaluation-mode", "left-in-training-mode")
        expect(answer).leaves_arguments_alone()
