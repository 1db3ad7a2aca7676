"""Hidden tests of ex06_manual_update: one step of gradient descent, without an optimizer.

Right answers come from a plain loop in float64. The loss weighs its classes, which tells the
criterion that was handed over from any other. What must stay as it was shows in what is computed
with it afterwards. Where several mistakes give the same numbers, what happened to the parameters
and their gradients names the mistake; it decides no points.

A function that calls an earlier one is judged with that one as handed in, and where it then fails,
with a right one in its place: each mistake is charged where it was made.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import (
    named_layers,
)
from grader.suite import expect, expect_beside, expect_each, points
from kit.lending import own_or_lent
from kit.networks import (
    EQUAL_WEIGHTS,
    gradients_at,
    layers,
    loss_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Answer, Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Batch = tuple[torch.Tensor, torch.Tensor]
    UpdateCase = tuple[Tensors, Tensors, float]
    StepCase = tuple[Tensors, torch.Tensor, torch.Tensor, float]
    Slip = Callable[[Tensors, Tensors, float], Named]
    ClearCase = tuple[Tensors, torch.Tensor, torch.Tensor, bool]
from kit.solving import solved_for
from kit.update.checking import GRADIENTS, PARAMETERS
from kit.update.judging import (
    PART_MISTAKES,
    STEP_MISTAKES,
    STRIDE_MISTAKES,
    UPDATED_MISTAKES,
    both_halves,
    clear_cases,
    gradients_after_clearing,
    gradients_are_cleared,
    rate_instead,
    step_cases,
    stepped,
    stepped_at,
    stepped_by_loss_times_gradient,
    stepped_twice,
    two_batch_cases,
    unmoved,
    update_cases,
    updated_cases,
    walked,
)
from kit.update.probes import (
    LOSS,
    clear,
    first_step,
    one_stride,
    two_steps,
    update,
    update_and_go_back,
    update_nested,
    update_twice,
)
from kit.update.unmoved import why_unmoved


@points(1)
def test_updated_takes_a_step_against_the_gradient(student: Student) -> None:
    """updated: the old weight minus lr times the gradient."""
    cases = updated_cases()
    answers = [student.updated(*case) for case in cases]

    def at(rate: float, weight: torch.Tensor, gradient: torch.Tensor, _: float) -> torch.Tensor:
        return weight - rate * gradient

    expect_each(
        answers,
        cases,
        right=one_stride,
        mistakes=lambda: {
            **UPDATED_MISTAKES,
            "update-not-stored": lambda weight, *_: weight,
            **solved_for("lr-is-a-constant", at, answers, cases, besides=(0.0, 1.0)),
        },
    )


@points(1)
def test_updated_leaves_the_old_weight_as_it_was(student: Student) -> None:
    """updated: returns a new tensor and does not modify the old weight."""
    case = updated_cases()[0]
    answer = student.updated(*case)
    expect_beside(
        lambda *_: answer,
        [case],
        right=one_stride,
        past=UPDATED_MISTAKES,
        mistakes={"update-not-stored": lambda weight, *_: weight},
    )
    expect(answer).leaves_arguments_alone()


@points(2)
def test_every_weight_and_bias_takes_the_step(student: Student) -> None:
    """update_parameters: updates every weight and bias as SGD does, in nested blocks too."""

    def only_outer(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        inner = [torch.zeros_like(gradient) for gradient in gradients[:4]]
        return walked(weights, [*inner, *gradients[4:]], lr)

    cases = update_cases()

    def judge_with(build: Callable[..., Answer], lend: bool) -> None:
        answers = [build(student, *case, lend) for case in cases]
        expect_each(
            answers,
            cases,
            right=walked,
            mistakes=lambda: {
                **STRIDE_MISTAKES,
                **PART_MISTAKES,
                **solved_for("lr-is-a-constant", rate_instead, answers, cases, besides=(0.0, 1.0)),
                "update-not-stored": unmoved,
                "inner-layers-left-out": only_outer,
            },
        )

    def judge(lend: bool) -> None:
        judge_with(update, lend)
        judge_with(update_nested, lend)

    own_or_lent(judge)


@points(1)
def test_the_model_keeps_its_own_parameters(student: Student) -> None:
    """update_parameters: backward() fills the same Parameter objects as before."""
    cases = [
        (weights, layers(13, 784, 5 + place, 4), lr, images, labels)
        for place, (weights, images, labels, lr) in enumerate(step_cases())
    ]

    def after(stride: Slip, *case: Any) -> Named:
        weights, gradients, lr, *batch = case
        return named_layers(gradients_at(list(stride(weights, gradients, lr).values()), *batch))

    def untouched(*case: Any) -> Named:
        return named_layers([torch.zeros_like(weight) for weight in case[0]])

    def judge(lend: bool) -> None:
        answers = [update_and_go_back(student, *case, lend) for case in cases]
        same = all(answer["same"].value is True for answer in answers)
        expect_beside(
            [answer[GRADIENTS] for answer in answers],
            cases,
            right=partial(after, walked),
            past={slug: partial(after, stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={
                "update-not-stored": partial(after, unmoved),
                "parameters-no-longer-watched" if same else "parameters-replaced": untouched,
            },
        )

    own_or_lent(judge)


@points(1)
def test_a_parameter_without_gradient_stays(student: Student) -> None:
    """update_parameters: skips a parameter whose gradient is None, and updates the others."""

    def call(lend: bool, weights: Tensors, gradients: Tensors, lr: float) -> Answer:
        some = [None if place in {2, 3} else slope for place, slope in enumerate(gradients)]
        return update(student, weights, some, lr, lend)

    def masked(stride: Slip) -> Slip:
        return lambda weights, gradients, lr: (
            stride(weights, gradients, lr) | dict(list(named_layers(weights).items())[2:4])
        )

    def stopped(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        after = walked(weights, gradients, lr)
        return named_layers(weights) | dict(list(after.items())[:2])

    own_or_lent(
        lambda lend: expect_beside(
            partial(call, lend),
            update_cases(),
            right=masked(walked),
            past={slug: masked(stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={
                **PART_MISTAKES,
                "update-not-stored": unmoved,
                "stops-at-first-missing-gradient": stopped,
            },
        )
    )


@points(1)
def test_an_update_leaves_the_gradients_alone(student: Student) -> None:
    """update_parameters: keeps the gradients; a second call takes the same step again."""

    def twice(stride: Slip, weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return stride(list(stride(weights, gradients, lr).values()), gradients, lr)

    def scaled(weights: Tensors, gradients: Tensors, lr: float) -> Named:
        return walked(weights, gradients, lr + lr * lr)

    def judge(lend: bool) -> None:
        answers = [update_twice(student, *case, lend) for case in update_cases()]
        same = all(answer["same"].value is True for answer in answers)
        expect_beside(
            [answer[PARAMETERS] for answer in answers],
            update_cases(),
            right=partial(twice, walked),
            past={slug: partial(twice, stride) for slug, stride in STRIDE_MISTAKES.items()},
            mistakes={
                "update-not-stored": unmoved,
                "gradients-cleared-by-update" if same else "parameters-replaced": walked,
                "gradients-scaled-in-place": scaled,
            },
        )

    own_or_lent(judge)


@points(1)
def test_every_gradient_is_cleared(student: Student) -> None:
    """clear_gradients: the next batch gets its own gradients only, even if one was None."""
    gradients_are_cleared(student)


@points(1)
def test_a_gradient_of_nan_is_cleared(student: Student) -> None:
    """clear_gradients: clears even gradients that hold NaN."""
    gradients_are_cleared(student)
    for case in clear_cases(spoiled=True):
        answer = clear(student, *case)
        rest = [answer[GRADIENTS][name].value for name in named_layers(case[0])]
        spoiled = any(isinstance(each, torch.Tensor) and bool(each.isnan().any()) for each in rest)
        sentence = "a gradient still holds NaN."
        expect(answer).satisfies(not spoiled, sentence, "nan-outlives-clearing")
        expect(answer[GRADIENTS]).equals(gradients_after_clearing(*case))


@points(2)
def test_one_step_moves_the_weights_downhill(student: Student) -> None:
    """training_step: updates the weights by this batch's gradient; changes no image."""

    def judge(lend: bool) -> None:
        answers = [first_step(student, *case, lend) for case in step_cases()]
        answers_of_weights = [answer[PARAMETERS] for answer in answers]
        expect_each(
            answers_of_weights,
            step_cases(),
            right=stepped,
            mistakes=lambda: {
                **STEP_MISTAKES,
                "backward-times-loss": stepped_by_loss_times_gradient,
                **dict.fromkeys(why_unmoved(answers[0]), unmoved),
                **solved_for(
                    "lr-is-a-constant", stepped_at, answers_of_weights, step_cases(), (0.0, 1.0)
                ),
            },
        )
        for answer in answers:
            expect(answer).leaves_arguments_alone()

    own_or_lent(judge)


@points(3)
def test_old_gradients_do_not_count(student: Student) -> None:
    """training_step: gradients of an earlier batch do not count."""
    own_or_lent(
        lambda lend: expect_beside(
            lambda *case: two_steps(student, *case, lend)[PARAMETERS],
            two_batch_cases(),
            right=partial(both_halves, stepped),
            past={slug: partial(both_halves, step) for slug, step in STEP_MISTAKES.items()},
            mistakes={
                "gradients-add-up": partial(stepped_twice, keeps=(1.0, 1.0)),
                "cleared-after-the-step": partial(stepped_twice, keeps=(1.0, 0.0)),
            },
        )
    )


@points(1)
def test_the_loss_is_that_of_the_prediction_made(student: Student) -> None:
    """training_step: returns the loss before the update, a Python float."""

    def loss(weights: Tensors, images: torch.Tensor, labels: torch.Tensor, _: float) -> float:
        return loss_at(weights, images, labels).item()

    def loss_after(
        weights: Tensors, images: torch.Tensor, labels: torch.Tensor, lr: float
    ) -> float:
        after = list(stepped(weights, images, labels, lr).values())
        return loss_at(after, images, labels).item()

    own_or_lent(
        lambda lend: expect_each(
            lambda *case: first_step(student, *case, lend)[LOSS],
            step_cases(),
            right=loss,
            mistakes={
                "loss-after-the-step": loss_after,
                "loss-is-a-tensor": lambda weights, images, labels, _: loss_at(
                    weights, images, labels
                ),
                "nothing-returned": lambda *_: None,
                "mean-taken-twice": lambda *case: loss(*case) / len(case[2]),
                "criterion-ignored": lambda weights, images, labels, _: loss_at(
                    weights, images, labels, EQUAL_WEIGHTS
                ).item(),
            },
        )
    )
