"""Public checks of ex06_manual_update."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import (
    named_layers,
)
from grader.suite import earlier_cause_first, expect, expect_each
from kit.modes import only
from kit.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    layers,
    loss_at,
    mixed_pixels,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Student

    Tensors = list[torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    Named = dict[str, torch.Tensor]
from kit.solving import solved_for
from kit.update.checking import (
    GRADIENTS,
    LOSSES,
    PARAMETERS,
    batch_of_two_halves,
    clear,
    float32,
    halves_of,
    trail,
    two_steps,
    update,
    walked,
)
from kit.update.promises import (
    clearing_skips_missing_gradients,
    old_gradients_do_not_count,
    parameters_and_gradients_are_kept,
    the_old_weight_is_kept,
)
from kit.update.unmoved import why_unmoved


def test_updated_takes_a_step_against_the_gradient(student: Student) -> None:
    """updated: the old weight minus lr times the gradient."""
    cases = [
        (torch.tensor([1.0, -2.0, 0.5]), torch.tensor([0.5, 0.25, 0.0]), 0.1),
        (torch.tensor([[2.0, -1.0]]), torch.tensor([[-3.0, 4.0]]), 0.5),
    ]
    answers = [student.updated(*case) for case in cases]

    def at(rate: float, weight: torch.Tensor, gradient: torch.Tensor, _: float) -> torch.Tensor:
        return weight - rate * gradient

    expect_each(
        answers,
        cases,
        right=lambda weight, gradient, lr: weight - lr * gradient,
        mistakes=lambda: {
            "step-uphill": lambda weight, gradient, lr: weight + lr * gradient,
            "lr-missing": lambda weight, gradient, _: weight - gradient,
            "lr-twice": lambda weight, gradient, lr: weight - lr**2 * gradient,
            "lr-times-everything": lambda weight, gradient, lr: lr * (weight - gradient),
            "stride-instead-of-weight": lambda _, gradient, lr: lr * gradient,
            "gradient-minus-weight": lambda weight, gradient, lr: lr * gradient - weight,
            "update-not-stored": lambda weight, *_: weight,
            **solved_for("lr-is-a-constant", at, answers, cases, besides=(0.0, 1.0)),
        },
    )


def test_every_weight_and_bias_takes_the_step(student: Student) -> None:
    """update_parameters: one call updates every weight and bias of the model."""
    cases = [
        (float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2)), 0.1),
        (float32(layers(102, 2, 5, 3)), float32(layers(103, 2, 5, 3)), 0.5),
    ]
    answers = [update(student, *case) for case in cases]

    def one_only(weights: Tensors, gradients: Tensors, lr: float, place: int) -> Named:
        return walked(weights, [slope * (n == place) for n, slope in enumerate(gradients)], lr)

    def at(rate: float, weights: Tensors, gradients: Tensors, _: float) -> Named:
        return walked(weights, gradients, rate)

    expect_each(
        answers,
        cases,
        right=walked,
        mistakes=lambda: {
            "step-uphill": lambda weights, gradients, lr: walked(weights, gradients, -lr),
            "lr-missing": lambda weights, gradients, _: walked(weights, gradients, 1.0),
            "lr-twice": lambda weights, gradients, lr: walked(weights, gradients, lr**2),
            "adam-step": lambda weights, gradients, lr: walked(
                weights, [gradient.sign() for gradient in gradients], lr
            ),
            "update-not-stored": lambda weights, *_: named_layers(weights),
            "biases-never-move": lambda weights, gradients, lr: walked(
                weights, [gradient * (gradient.dim() > 1) for gradient in gradients], lr
            ),
            "first-parameter-only": partial(one_only, place=0),
            "last-parameter-only": partial(one_only, place=3),
            **solved_for("lr-is-a-constant", at, answers, cases, besides=(0.0, 1.0)),
        },
    )


def test_every_gradient_is_cleared(student: Student) -> None:
    """clear_gradients: each gradient is None or zeros afterwards."""
    weights, gradients = float32(layers(100, 4, 3, 2)), float32(layers(101, 4, 3, 2))
    kept, old = named_layers(weights), named_layers(gradients)
    zeros = {name: torch.zeros_like(weight) for name, weight in kept.items()}
    first, *_, last = kept
    expect(clear(student, weights, gradients)).equals(
        {PARAMETERS: kept, GRADIENTS: zeros},
        mistakes={
            "gradients-not-cleared": {PARAMETERS: kept, GRADIENTS: old},
            "weights-cleared": {PARAMETERS: zeros, GRADIENTS: old},
            "first-parameter-only": {PARAMETERS: kept, GRADIENTS: {**old, first: zeros[first]}},
            "last-parameter-only": {PARAMETERS: kept, GRADIENTS: {**old, last: zeros[last]}},
        },
    )


def earlier_functions_are_right(student: Student) -> None:
    """Expect what a training step is made of to be right."""
    test_every_weight_and_bias_takes_the_step(student)
    test_every_gradient_is_cleared(student)


def test_two_training_steps_walk_by_their_own_batches(student: Student) -> None:
    """training_step: each of two calls uses the gradient of its own batch only."""
    weights, images, labels, lr = batch_of_two_halves()
    halves = halves_of(images, labels)
    answer = two_steps(student, weights, images, labels, lr)

    def after(*given: Any, **changed: Any) -> Callable[[], Named]:
        return lambda: named_layers(trail(*given, **changed)[-1])

    mixed = [(mixed_pixels(pixels), marks) for pixels, marks in halves]
    with earlier_cause_first(partial(earlier_functions_are_right, student)):
        expect(answer[PARAMETERS]).equals(
            after(halves, lr)(),
            mistakes=lambda: {
                "gradients-add-up": after(halves, lr, kept=1.0),
                "step-uphill": after(halves, -lr),
                "two-steps-a-batch": after(halves, 2 * lr),
                "mean-taken-twice": after(halves, lr / len(halves[0][1])),
                "backward-times-loss": after(halves, lr, from_the_loss=True),
                "pixels-of-images-mixed": after(mixed, lr),
                "criterion-ignored": after(halves, lr, class_weights=EQUAL_WEIGHTS),
                **dict.fromkeys(why_unmoved(answer), named_layers(weights)),
            },
        )


def test_a_training_step_gives_its_loss(student: Student) -> None:
    """training_step: returns the loss before the update, a Python float."""
    weights, images, labels, lr = batch_of_two_halves()
    halves = halves_of(images, labels)
    start, between, end = trail(halves, lr)

    def losses(*places: Tensors, weighing: Sequence[float] = CLASS_WEIGHTS) -> Named:
        pairs = zip(LOSSES, places, halves, strict=True)
        return {name: loss_at(place, *half, weighing) for name, place, half in pairs}

    def numbers(tensors: Named) -> dict[str, float]:
        return {name: loss.item() for name, loss in tensors.items()}

    right = losses(start, between)
    _, other, _ = trail(halves, lr, class_weights=EQUAL_WEIGHTS)
    ignored = losses(start, other, weighing=EQUAL_WEIGHTS)
    answer = two_steps(student, weights, images, labels, lr)
    with earlier_cause_first(partial(earlier_functions_are_right, student)):
        expect(only(answer, LOSSES)).equals(
            numbers(right),
            mistakes={
                "loss-after-the-step": numbers(losses(between, end)),
                "loss-is-a-tensor": right,
                "criterion-ignored": numbers(ignored),
                "nothing-returned": dict.fromkeys(LOSSES),
            },
        )


def test_promises_are_kept(student: Student) -> None:
    """updated, update_parameters, training_step: skip gradients of None, change nothing else."""
    kept = {
        the_old_weight_is_kept: test_updated_takes_a_step_against_the_gradient,
        parameters_and_gradients_are_kept: test_every_weight_and_bias_takes_the_step,
        clearing_skips_missing_gradients: test_every_gradient_is_cleared,
        old_gradients_do_not_count: test_two_training_steps_walk_by_their_own_batches,
    }
    for promise, numbers in kept.items():
        with earlier_cause_first(partial(numbers, student)):
            promise(student)
