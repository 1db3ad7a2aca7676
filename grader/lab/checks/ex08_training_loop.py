"""Public checks of ex08_training_loop."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import torch

from grader.guest.probing import named_layers
from grader.suite import expect_each, loss_curves
from kit.loop.checking import WEIGHT_MISTAKES, loop_case, run_epochs, run_training, single
from kit.loop.mistakes import DIVISOR_MISTAKES, EPOCH_LOSS_MISTAKES
from kit.loop.optimizer import optimizer_steps
from kit.loop.path import Path, each_epoch, on_path, until_a_rise
from kit.loop.steps import decayed, descended, rate_instead, twice
from kit.loop.weights import expect_weights
from kit.networks import layers
from kit.solving import solved_for

if TYPE_CHECKING:
    from grader.suite import Student
    from kit.loop.trajectory import Named, Tensors


def test_the_optimizer_moves_every_parameter(student: Student) -> None:
    """build_optimizer: a step subtracts lr times the gradient from every parameter."""
    first = single(layers(112, 4, 3, 2)), single(layers(113, 4, 3, 2)), 0.5
    cases = [first, (single(layers(114, 3, 5, 2)), single(layers(115, 3, 5, 2)), 0.2)]
    answers = [optimizer_steps(student, weights, [slopes], lr) for weights, slopes, lr in cases]

    def layer(weights: Tensors, gradients: Tensors, lr: float, place: int) -> Named:
        return descended(
            weights, [slope * (n // 2 == place) for n, slope in enumerate(gradients)], lr
        )

    expect_each(
        answers,
        cases,
        right=descended,
        mistakes=lambda: {
            "step-uphill": lambda weights, gradients, lr: descended(weights, gradients, -lr),
            "lr-not-handed-over": lambda weights, gradients, _: descended(
                weights, gradients, 0.001
            ),
            "adam-step": lambda weights, gradients, lr: descended(
                weights, [slope.sign() for slope in gradients], lr
            ),
            "biases-never-move": lambda weights, gradients, lr: descended(
                weights, [slope * (slope.dim() > 1) for slope in gradients], lr
            ),
            "first-layer-only": partial(layer, place=0),
            "last-layer-only": partial(layer, place=1),
            "optimizer-of-another-model": lambda weights, *_: named_layers(weights),
            **solved_for("lr-is-a-constant", rate_instead, answers, cases, besides=(0.0, 0.001)),
            **solved_for("weight-decay-added", decayed, answers, cases),
        },
    )


def test_the_optimizer_remembers_nothing(student: Student) -> None:
    """build_optimizer: a second step uses its own gradient only (no momentum)."""
    numbers = [[single(layers(seed + place, 4, 3, 2)) for place in range(3)] for seed in (116, 119)]
    cases = [(*each, lr) for each, lr in zip(numbers, (0.5, 0.2), strict=True)]
    answers = [optimizer_steps(student, weights, [old, new], lr) for weights, old, new, lr in cases]
    expect_each(
        answers,
        cases,
        right=partial(twice, 0.0),
        mistakes=lambda: solved_for("momentum-added", twice, answers, cases),
    )


def test_an_epoch_takes_one_step_a_batch(student: Student) -> None:
    """train_epoch: one step per batch, with the gradient of this batch only."""
    case = loop_case(lr=0.1, epochs=2)
    answer = run_epochs(student, *case)
    right = chain(*Path(*case).losses())
    answer.show(loss_curves(answer["batch losses"].value, list(right), "batch"))
    expect_weights([answer], [case], WEIGHT_MISTAKES)


def test_the_epochs_loss_is_the_mean_over_its_batches(student: Student) -> None:
    """train_epoch: returns the sum of the batches' losses divided by the number of batches."""
    ways = {**EPOCH_LOSS_MISTAKES, **DIVISOR_MISTAKES}
    wrong = {slug: on_path(partial(each_epoch, by)) for slug, by in ways.items()}
    expect_each(
        lambda *case: run_epochs(student, *case)["losses"],
        [loop_case(lr=0.02, epochs=6)],  # another number than those of batches and their images
        right=on_path(Path.means),
        mistakes={
            **wrong,
            "loss-after-the-step": on_path(lambda path: path.means(late=1)),
            "loss-is-a-tensor": on_path(lambda path: list(torch.tensor(path.means()))),
            "losses-not-averaged": on_path(Path.losses),
            "nothing-returned": on_path(lambda path: [None] * path.epochs),
        },
    )


def test_training_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """train: one pass per epoch, returns one mean loss per epoch."""
    expect_each(
        lambda *case: run_training(student, *case)["losses"],
        [loop_case(lr=0.02, epochs=epochs) for epochs in (8, 3)],
        right=on_path(Path.means),
        mistakes={
            "sum-not-reset": on_path(Path.means_added_up),
            "loss-after-the-epoch": on_path(Path.means_after_epochs),
            "one-epoch-only": on_path(lambda path: path.means()[:1]),
            "one-epoch-too-many": lambda *case: Path(
                *loop_case(lr=0.02, epochs=case[3]["epochs"] + 1)
            ).means(),
            "list-made-anew": on_path(lambda path: path.means()[-1:]),
            "last-epoch-only": on_path(lambda path: path.means()[-1]),
            "losses-of-all-batches": on_path(lambda path: list(chain(*path.losses()))),
            "nothing-returned": lambda *_: None,
        },
        draw=partial(loss_curves, step="epoch"),
    )
    expect_each(
        lambda *case: run_training(student, *case)["losses"],
        # the loss rises in the third epoch; one batch each, as rounding grows with every step
        [loop_case(lr=0.6, epochs=4, batch_size=17)],
        right=on_path(Path.means),
        mistakes={"stops-when-the-loss-rises": on_path(until_a_rise)},
    )
