"""What the docstrings of ex06 promise besides the numbers, as the public checks ask for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from beside.updates import Nested
from grader.guest.probing import (
    attempt,
    gradient_values,
    named_layers,
    parameter_values,
    set_gradients,
)
from grader.suite import expect, probe
from kit.modes import only
from kit.networks import gradients_at, layers
from kit.update.checking import (
    GRADIENTS,
    PARAMETERS,
    batch_of_two_halves,
    clear,
    float32,
    halves_of,
    trail,
    two_steps,
    walked,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.suite import Student

    Tensors = list[torch.Tensor]

__all__ = [
    "clearing_skips_missing_gradients",
    "old_gradients_do_not_count",
    "parameters_and_gradients_are_kept",
    "the_old_weight_is_kept",
]

MISSING: Mapping[
    tuple[int, ...], str
] = {  # the places of parameters without a gradient, and the mistake that then shows
    (): "inner-layers-left-out",
    (1, 2): "stops-at-first-missing-gradient",
}


@probe("update_parameters(model, lr)")
def update_in_blocks(
    student: Any, weights: Tensors, gradients: list[torch.Tensor | None], lr: float
) -> object:
    """Update a model whose layers lie in blocks; give what became of its parameters."""

    def run(slopes: Sequence[torch.Tensor | None] = gradients) -> tuple[Nested, list[Any]]:
        model = Nested(weights)
        before = list(model.parameters())
        set_gradients(model, slopes)
        student.update_parameters(model, lr)
        return model, before

    zeros = [torch.zeros_like(weight) for weight in weights]
    filled = [
        zero if slope is None else slope for slope, zero in zip(gradients, zeros, strict=True)
    ]
    model, before = attempt(
        run,
        {
            "update-outside-no-grad": torch.no_grad()(run),
            "missing-gradient-not-skipped": partial(run, filled),
        },
    )
    after = list(model.parameters())
    return {
        PARAMETERS: named_layers(parameter_values(model)),
        GRADIENTS: named_layers(gradient_values(after)),
        "same": list(map(id, after)) == list(map(id, before)),
        "trainable": all(each.is_leaf and each.requires_grad for each in after),
    }


def the_old_weight_is_kept(student: Student) -> None:
    """Expect that `updated` changes neither the weight nor the gradient."""
    answer = student.updated(torch.tensor([1.0, -2.0]), torch.tensor([0.5, 0.25]), 0.1)
    expect(answer).equals(torch.tensor([0.95, -2.025]))
    expect(answer).leaves_arguments_alone()


def parameters_and_gradients_are_kept(student: Student) -> None:
    """Expect that an update moves what has a gradient, in blocks too, and replaces nothing."""
    for missing, slug in MISSING.items():
        weights, slopes = float32(layers(106, 5, 4, 3, 2)), float32(layers(107, 5, 4, 3, 2))
        zeros = [torch.zeros_like(slope) for slope in slopes]
        right = [slope * (place not in missing) for place, slope in enumerate(slopes)]
        wrong = slopes[:1] + zeros[1:] if missing else zeros[:4] + slopes[4:]
        given = [None if place in missing else slope for place, slope in enumerate(slopes)]
        answer = update_in_blocks(student, weights, given, 0.5)
        expect(answer).satisfies(
            answer["same"].value is True,
            "the model no longer holds the same Parameter objects.",
            "parameters-replaced",
        )
        expect(answer).satisfies(
            answer["trainable"].value is True,
            "some of the parameters are no longer leaves with requires_grad=True.",
            "parameters-no-longer-watched",
        )
        moved, kept = walked(weights, right, 0.5), named_layers(right)
        halved = named_layers([0.5 * slope for slope in right])
        expect(only(answer, (PARAMETERS, GRADIENTS))).equals(
            {PARAMETERS: moved, GRADIENTS: kept},
            mistakes={
                slug: {PARAMETERS: walked(weights, wrong, 0.5), GRADIENTS: kept},
                "gradients-cleared-by-update": {PARAMETERS: moved, GRADIENTS: named_layers(zeros)},
                "gradients-scaled-in-place": {PARAMETERS: moved, GRADIENTS: halved},
            },
        )


def clearing_skips_missing_gradients(student: Student) -> None:
    """Expect that gradients are cleared where others are None."""
    weights, slopes = float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2))
    answer = clear(student, weights, [*slopes[:3], None])
    expect(answer[GRADIENTS]).equals(named_layers([torch.zeros_like(each) for each in slopes]))


def old_gradients_do_not_count(student: Student) -> None:
    """Expect two right steps of a model that holds gradients already, and unchanged images."""
    weights, images, labels, lr = batch_of_two_halves()
    halves = halves_of(images, labels)
    old = [slope.flip(0) + 0.1 for slope in weights]
    answer = two_steps(student, weights, images, labels, lr, old)
    first = [
        new + before for new, before in zip(gradients_at(weights, *halves[0]), old, strict=True)
    ]
    start = list(walked(weights, first, lr).values())
    second = gradients_at(start, *halves[1])
    both = [new + before for new, before in zip(second, first, strict=True)]
    expect(answer[PARAMETERS]).equals(
        named_layers(trail(halves, lr)[-1]),
        mistakes={
            "gradients-add-up": walked(start, both, lr),
            "cleared-after-the-step": walked(start, second, lr),
        },
    )
    expect(answer).leaves_arguments_alone()
