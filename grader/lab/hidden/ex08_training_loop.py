"""Hidden tests of ex08_training_loop: the optimizer, one epoch, and several.

What a loop leaves in the model is compared with the path of a plain loop over the same batches in
float64, and with the paths of known mistakes. Where several mistakes leave the weights as they
were, a record of what happened names the mistake; it decides no points. The losses are judged at a
learning rate of 0, where they don't depend on the steps.

`train` is judged with `train_epoch` as handed in, and where it then fails, with a right one in its
place: each mistake is charged where it was made.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import named_layers
from grader.suite import expect_beside, expect_each, points
from kit.lending import own_or_lent
from kit.loop.judging import (
    loop_cases,
    one_batch_cases,
    optimizer_cases,
    rising_cases,
)
from kit.loop.mistakes import DIVISOR_MISTAKES, EPOCH_LOSS_MISTAKES, LOOP_MISTAKES, STEP_MISTAKES
from kit.loop.optimizer import optimizer_steps
from kit.loop.path import Path, each_epoch, first_epoch, on_path, path_of, until_a_rise
from kit.loop.probes import (
    run_epochs,
    run_training,
)
from kit.loop.steps import decayed, descended, rate_instead, twice
from kit.loop.trajectory import listed
from kit.loop.weights import expect_weights
from kit.solving import solved_for

if TYPE_CHECKING:
    from grader.suite import Student
    from kit.loop.trajectory import Tensors


@points(2)
def test_the_optimizer_moves_every_parameter(student: Student) -> None:
    """build_optimizer: a step subtracts lr times the gradient from every parameter."""

    def only(gradients: Tensors, places: set[int]) -> Tensors:
        return [slope * (place in places) for place, slope in enumerate(gradients)]

    cases = optimizer_cases()
    answers = [optimizer_steps(student, weights, [slopes], lr) for weights, slopes, _, lr in cases]
    expect_each(
        answers,
        cases,
        right=lambda weights, slopes, _, lr: descended(weights, slopes, lr),
        mistakes=lambda: {
            "step-uphill": lambda weights, slopes, _, lr: descended(weights, slopes, -lr),
            "adam-step": lambda weights, slopes, _, lr: descended(
                weights, [slope / (slope.abs() + 1e-8) for slope in slopes], lr
            ),
            "lr-not-handed-over": lambda weights, slopes, *_: descended(weights, slopes, 1e-3),
            "biases-never-move": lambda weights, slopes, _, lr: descended(
                weights, only(slopes, {0, 2}), lr
            ),
            "last-layer-only": lambda weights, slopes, _, lr: descended(
                weights, only(slopes, {2, 3}), lr
            ),
            "first-layer-only": lambda weights, slopes, _, lr: descended(
                weights, only(slopes, {0, 1}), lr
            ),
            "optimizer-of-another-model": lambda weights, *_: named_layers(weights),
            **solved_for("lr-is-a-constant", rate_instead, answers, cases, besides=(0.0, 1e-3)),
            **solved_for("weight-decay-added", decayed, answers, cases),
        },
    )


@points(1)
def test_the_optimizer_remembers_nothing(student: Student) -> None:
    """build_optimizer: a second step uses its own gradient only (no momentum)."""
    cases = optimizer_cases()
    answers = [
        optimizer_steps(student, weights, [first, second], lr)
        for weights, first, second, lr in cases
    ]
    expect_each(
        answers,
        cases,
        right=partial(twice, 0.0),
        mistakes=lambda: solved_for("momentum-added", twice, answers, cases),
    )


@points(2)
def test_a_batch_is_one_step(student: Student) -> None:
    """train_epoch: one batch is one step with the gradient of this batch."""
    answers = [run_epochs(student, *case) for case in one_batch_cases()]
    mistakes = {
        **STEP_MISTAKES,
        "backward-times-loss": LOOP_MISTAKES["backward-times-loss"],
        "criterion-ignored": on_path(Path.without_criterion),
    }
    expect_weights(answers, one_batch_cases(), mistakes)


@points(3)
def test_each_batch_starts_without_old_gradients(student: Student) -> None:
    """train_epoch: one step per batch, with the gradient of this batch only."""
    answers = [run_epochs(student, *case) for case in loop_cases()]
    expect_weights(answers, loop_cases(), LOOP_MISTAKES, past=STEP_MISTAKES)


@points(2)
def test_the_epochs_loss_is_the_mean_over_its_batches(student: Student) -> None:
    """train_epoch: returns the sum of the losses divided by the number of batches, a float."""
    cases = loop_cases(lr=0.0)
    ways = {**EPOCH_LOSS_MISTAKES, **DIVISOR_MISTAKES}
    wrong = {slug: on_path(partial(first_epoch, by)) for slug, by in ways.items()}
    answers = [run_epochs(student, *case)["losses"][0] for case in cases]

    def times(factor: float, *case: Any) -> object:
        return on_path(lambda path: factor * sum(path.losses()[0]))(*case)

    expect_each(
        answers,
        cases,
        right=on_path(lambda path: path.means()[0]),
        mistakes=lambda: {
            **wrong,
            "loss-is-a-tensor": on_path(
                lambda path: torch.tensor(path.means()[0], dtype=torch.float64)
            ),
            "losses-not-averaged": on_path(lambda path: path.losses()[0]),
            **solved_for("divided-by-a-constant", times, answers, cases, besides=(0.0, 1.0)),
            "nothing-returned": lambda *_: None,
        },
    )


@points(2)
def test_training_goes_through_all_batches_each_epoch(student: Student) -> None:
    """train: one step per batch in every epoch."""
    mistakes = {
        **LOOP_MISTAKES,
        **STEP_MISTAKES,
        "one-epoch-only": on_path(lambda path: path.after(path.batches)),
        "one-epoch-too-many": on_path(lambda path: path.after([*path.all, *path.batches])),
    }

    def judge(lend: bool) -> None:
        answers = [run_training(student, *case, lend) for case in loop_cases()]
        expect_weights(answers, loop_cases(), mistakes)

    own_or_lent(judge)


@points(1)
def test_the_steps_are_those_of_the_optimizer_given(student: Student) -> None:
    """train: all steps are taken by the optimizer that it gets, so momentum is kept."""
    cases = loop_cases(lr=0.1, momentum=0.9)
    mistakes = {
        "optimizer-not-used": on_path(lambda path: path.after(path.all, momentum=0.0)),
        "optimizer-rebuilt": on_path(lambda path: path.after_epochs(momentum=0.9)),
    }

    def judge(lend: bool) -> None:
        answers = [run_training(student, *case, lend) for case in cases]
        expect_weights(answers, cases, mistakes)

    own_or_lent(judge)


@points(1)
def test_training_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """train: returns a list of floats, the mean loss of each epoch alone."""

    def summed_up(path: Path) -> list[float]:
        return [mean * (place + 1) for place, mean in enumerate(path.means())]

    ways = {**EPOCH_LOSS_MISTAKES, **DIVISOR_MISTAKES}
    wrong = {slug: on_path(partial(each_epoch, by)) for slug, by in ways.items()}
    cases = loop_cases(lr=0.0)

    def judge(lend: bool) -> None:
        answers = [run_training(student, *case, lend) for case in cases]
        expect_each(
            [answer["losses"] for answer in answers],
            cases,
            right=on_path(Path.means),
            mistakes=lambda: {
                **wrong,
                "sum-not-reset": on_path(summed_up),
                **listed(answers, [path_of(*case) for case in cases], on_path),
                "losses-of-all-batches": on_path(lambda path: list(chain(*path.losses()))),
                "loss-is-a-tensor": on_path(
                    lambda path: list(torch.tensor(path.means(), dtype=torch.float64))
                ),
                "nothing-returned": lambda *_: None,
            },
        )

    own_or_lent(judge)
    own_or_lent(
        lambda lend: expect_each(
            lambda *case: run_training(student, *case, lend)["losses"],
            rising_cases(),
            right=on_path(Path.means),
            mistakes={"stops-when-the-loss-rises": on_path(until_a_rise)},
        )
    )


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """train_epoch, train: each batch's loss is computed before the step on that batch."""
    past = {slug: on_path(partial(each_epoch, by)) for slug, by in EPOCH_LOSS_MISTAKES.items()}
    expect_beside(
        lambda *case: run_epochs(student, *case)["losses"],
        loop_cases(),
        right=on_path(Path.means),
        past={
            **past,
            "losses-not-averaged": on_path(Path.losses),
            "loss-is-a-tensor": on_path(
                lambda path: list(torch.tensor(path.means(), dtype=torch.float64))
            ),
        },
        mistakes={
            "gradients-add-up": on_path(lambda path: path.means(momentum=1.0)),
            "loss-after-the-step": on_path(lambda path: path.means(late=1)),
        },
    )
    own_or_lent(
        lambda lend: expect_each(
            lambda *case: run_training(student, *case, lend)["losses"],
            loop_cases(),
            right=on_path(Path.means),
            mistakes={"loss-after-the-epoch": on_path(Path.means_after_epochs)},
        )
    )
