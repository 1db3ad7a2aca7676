"""Hidden tests of ex08_training_loop: the optimizer, one epoch, and several.

What a loop leaves in the model is compared with the path of a plain loop over the same batches in
float64, and with the paths of known mistakes. Where several mistakes leave the weights as they
were, a record of what happened names the mistake; it decides no points. The losses are judged at a
learning rate of 0, where they don't depend on the steps.

`train` is judged with `train_epoch` as handed in, and where it then fails, with a right one in its
place: each mistake is charged where it was made.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial, partialmethod
from itertools import chain
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn

from beside.loop_bench import Bench
from grader.guest.probing import (
    RejectedError,
    SwappedCriterion,
    attempt,
    lent,
    named_layers,
    network,
    no_grad_ignored,
    parameter_values,
    set_gradients,
)
from grader.suite import expect_beside, expect_each, points, probe
from kit.lending import own_or_lent
from kit.loop.mistakes import EPOCH_LOSS_MISTAKES, LOOP_MISTAKES, STEP_MISTAKES
from kit.loop.path import Path, each_epoch, first_epoch, on_path
from kit.loop.weights import expect_weights
from kit.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    image_batch,
    layers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student

    Tensors = list[torch.Tensor]
    Named = dict[str, torch.Tensor]
    Settings = dict[str, Any]
    Case = tuple[Tensors, torch.Tensor, torch.Tensor, Settings]
    Batch = tuple[torch.Tensor, torch.Tensor]
    EpochLoss = Callable[["Path", list[float]], object]

# The data: three batches of which the last is smaller, a class that repeats, one that is absent.


def loop_cases(lr: float = 0.3, momentum: float = 0.0) -> list[Case]:
    """Give weights, images, labels and the settings of a loop, twice."""
    common = {"momentum": momentum, "class_weights": list(EQUAL_WEIGHTS)}
    first = {"batch_size": 4, "epochs": 2, "lr": lr, **common}
    second = {"batch_size": 2, "epochs": 3, "lr": lr / 2, **common}
    return [
        (layers(1, 784, 5, 4), *image_batch(2, [3, 0, 3, 1, 0, 3, 3, 1, 1, 0]), first),
        (layers(3, 784, 6, 4), *image_batch(4, [1, 2, 1, 1, 0, 2, 2]), second),
    ]


def one_batch_cases() -> list[Case]:
    """Give loops of a single batch, for a single epoch, with a criterion that weighs classes."""
    one = {"epochs": 1, "class_weights": list(CLASS_WEIGHTS)}
    return [
        (weights, images, labels, settings | one | {"batch_size": len(labels)})
        for weights, images, labels, settings in loop_cases()
    ]


def optimizer_cases() -> list[tuple[Tensors, Tensors, Tensors, float]]:
    """Give weights, the gradients of two steps, and a learning rate, twice."""
    return [
        (layers(5, 6, 5, 4), layers(6, 6, 5, 4), layers(7, 6, 5, 4), 0.3),
        (layers(8, 3, 7, 2), layers(9, 3, 7, 2), layers(10, 3, 7, 2), 0.05),
    ]


# The probes.


def report_loop(
    loop: Callable[[Bench], object],
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> dict[str, object]:
    """Let the student's loop run, and report what became of the model."""

    def bench(pixels: torch.Tensor = images) -> Bench:
        return Bench(weights, pixels, labels, settings)

    def with_sixty_four() -> None:
        places = torch.arange(128) % len(labels)
        loop(Bench(weights, images[places], labels[places], settings | {"batch_size": 64}))

    def swapped() -> None:
        given = bench()
        given.criterion = SwappedCriterion(given.criterion)
        loop(given)

    def without_steps() -> None:
        given = bench()
        given.optimizer.idle = True
        loop(given)
        if given.trace.count("F") < given.trace.count("B"):
            raise RejectedError("one prediction was used for several backward passes")

    def with_graphs_kept() -> None:
        given = bench()
        given.optimizer.idle = True
        keeping = partialmethod(torch.Tensor.backward, retain_graph=True)
        with mock.patch.object(torch.Tensor, "backward", keeping):
            loop(given)

    given = bench()
    losses = attempt(
        lambda: loop(given),
        {
            "images-not-flattened": lambda: loop(bench(images.flatten(start_dim=1))),
            "criterion-arguments-swapped": swapped,
            "step-before-backward": without_steps,
            "one-prediction-for-all": with_graphs_kept,
            "fixed-batch-size": with_sixty_four,
            "prediction-under-no-grad": lambda: no_grad_ignored()(loop)(bench()),
        },
    )
    values = named_layers(parameter_values(given.model))
    return {
        "weights": values,
        "losses": losses,
        "trace": "".join(given.trace),
    }


@probe("train_epoch(model, loader, criterion, optimizer)")
def run_epochs(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> object:
    """Call train_epoch once an epoch, with the same model and optimizer."""

    def loop(bench: Bench) -> list[object]:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        return [student.train_epoch(*given) for _ in range(bench.epochs)]

    return report_loop(loop, weights, images, labels, settings)


def right_epoch(
    model: nn.Module, loader: Any, criterion: nn.Module, optimizer: torch.optim.Optimizer
) -> float:
    """Train a model on every batch; give the mean of the batches' losses."""
    losses: list[float] = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images.flatten(start_dim=1)), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


@probe("train(model, loader, criterion, optimizer, epochs)")
def run_training(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
    lend: bool,
) -> object:
    """Call train."""

    def loop(bench: Bench) -> object:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        with lent(student, "train_epoch", right_epoch) if lend else nullcontext():
            return student.train(*given, bench.epochs)

    return report_loop(loop, weights, images, labels, settings)


class ParametersWhenIterated(nn.Sequential):
    """A model that can be handed to an optimizer in the place of its parameters."""

    def __iter__(self) -> Any:
        """Give the parameters."""
        return self.parameters()


def optimizer_of(student: Any, model: nn.Module, lr: float) -> torch.optim.Optimizer:
    """Let the student build an optimizer.

    Raises:
        RejectedError: what came back is no optimizer.
    """

    def build_for_iterable() -> None:
        model.__class__ = ParametersWhenIterated
        student.build_optimizer(model, lr)

    optimizer = attempt(
        lambda: student.build_optimizer(model, lr),
        {"model-instead-of-parameters": build_for_iterable},
    )
    if isinstance(optimizer, torch.optim.Optimizer):
        return optimizer
    raise RejectedError(
        f"it gave back {type(optimizer).__name__}; expected an optimizer of torch.optim."
    )


@probe("build_optimizer(model, lr), and its steps,")
def optimizer_steps(student: Any, weights: Tensors, gradients: list[Tensors], lr: float) -> object:
    """Let the student's optimizer take a step by each of some gradients."""
    model = network(weights)
    optimizer = optimizer_of(student, model, lr)
    for slopes in gradients:
        set_gradients(model, slopes)
        optimizer.step()
    return named_layers(parameter_values(model))


# The tests.


def descended(weights: Tensors, gradients: Tensors, lr: float) -> Named:
    """Give the weights after one step of gradient descent."""
    pairs = zip(weights, gradients, strict=True)
    return named_layers([weight - lr * gradient for weight, gradient in pairs])


@points(2)
def test_the_optimizer_moves_every_parameter(student: Student) -> None:
    """A step of the optimizer takes the learning rate times the gradient off every parameter."""

    def only(gradients: Tensors, places: set[int]) -> Tensors:
        return [slope * (place in places) for place, slope in enumerate(gradients)]

    expect_each(
        lambda weights, slopes, _, lr: optimizer_steps(student, weights, [slopes], lr),
        optimizer_cases(),
        right=lambda weights, slopes, _, lr: descended(weights, slopes, lr),
        mistakes={
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
            "optimizer-of-another-model": lambda weights, *_: named_layers(weights),
        },
    )


@points(1)
def test_the_optimizer_remembers_nothing(student: Student) -> None:
    """A second step moves by its own gradient alone."""

    def twice(
        weights: Tensors, first: Tensors, second: Tensors, lr: float, momentum: float = 0.0
    ) -> Named:
        both = [(1 + momentum) * old + new for old, new in zip(first, second, strict=True)]
        return descended(weights, both, lr)

    expect_each(
        lambda weights, first, second, lr: optimizer_steps(student, weights, [first, second], lr),
        optimizer_cases(),
        right=twice,
        mistakes={"momentum-added": partial(twice, momentum=0.9)},
    )


@points(2)
def test_a_batch_is_one_step(student: Student) -> None:
    """One batch moves the weights by one step along its own gradient."""
    answers = [run_epochs(student, *case) for case in one_batch_cases()]
    mistakes = {**STEP_MISTAKES, "criterion-ignored": on_path(Path.without_criterion)}
    expect_weights(answers, one_batch_cases(), mistakes)


@points(3)
def test_each_batch_starts_without_old_gradients(student: Student) -> None:
    """Two epochs lead where one step a batch leads, each by the gradient of its batch alone."""
    answers = [run_epochs(student, *case) for case in loop_cases()]
    expect_weights(answers, loop_cases(), LOOP_MISTAKES, past=STEP_MISTAKES)


@points(2)
def test_the_epochs_loss_is_the_mean_over_its_batches(student: Student) -> None:
    """An epoch gives the sum of its batches' losses divided by the number of batches, a float."""
    cases = loop_cases(lr=0.0)
    wrong = {slug: on_path(partial(first_epoch, by)) for slug, by in EPOCH_LOSS_MISTAKES.items()}
    expect_each(
        lambda *case: run_epochs(student, *case)["losses"][0],
        cases,
        right=on_path(lambda path: path.means()[0]),
        mistakes={
            **wrong,
            "loss-is-a-tensor": on_path(
                lambda path: torch.tensor(path.means()[0], dtype=torch.float64)
            ),
            "losses-not-averaged": on_path(lambda path: path.losses()[0]),
            "nothing-returned": lambda *_: None,
        },
    )


@points(2)
def test_training_goes_through_all_batches_each_epoch(student: Student) -> None:
    """Training takes one step a batch in every epoch."""
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
    """The optimizer that was handed over takes all of the steps: its momentum lasts."""
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
    """Training gives a list of floats, each the mean of one epoch alone."""

    def summed_up(path: Path) -> list[float]:
        return [mean * (place + 1) for place, mean in enumerate(path.means())]

    wrong = {slug: on_path(partial(each_epoch, by)) for slug, by in EPOCH_LOSS_MISTAKES.items()}
    own_or_lent(
        lambda lend: expect_each(
            lambda *case: run_training(student, *case, lend)["losses"],
            loop_cases(lr=0.0),
            right=on_path(Path.means),
            mistakes={
                **wrong,
                "sum-not-reset": on_path(summed_up),
                "one-epoch-only": on_path(lambda path: path.means()[:1]),
                "last-epoch-only": on_path(lambda path: path.means()[-1]),
                "one-epoch-too-many": on_path(lambda path: [*path.means(), path.means()[0]]),
                "losses-of-all-batches": on_path(lambda path: list(chain(*path.losses()))),
                "loss-is-a-tensor": on_path(
                    lambda path: list(torch.tensor(path.means(), dtype=torch.float64))
                ),
                "nothing-returned": lambda *_: None,
            },
        )
    )


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """Each batch's loss is taken before the step on that batch."""
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
