"""Public checks of ex08_training_loop."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import torch

from beside.loop_bench import Bench
from grader.guest.probing import (
    RejectedError,
    SwappedCriterion,
    attempt,
    named_layers,
    network,
    no_grad_ignored,
    parameter_values,
    set_gradients,
)
from grader.suite import expect, expect_each, loss_curves, probe
from kit.loop.mistakes import EPOCH_LOSS_MISTAKES, LOOP_MISTAKES, STEP_MISTAKES
from kit.loop.path import Path, each_epoch, on_path
from kit.loop.weights import expect_weights
from kit.networks import CLASS_WEIGHTS, image_batch, layers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Student
    from kit.loop.path import Case
    from kit.loop.trajectory import Named, Settings, Tensors


@probe("build_optimizer(model, lr), and one step,")
def optimizer_step(student: Any, weights: Tensors, gradients: Tensors, lr: float) -> object:
    """Let the student's optimizer take one step; give the weights."""
    model = network(weights)
    optimizer = attempt(
        lambda: student.build_optimizer(model, lr),
        {
            "model-instead-of-parameters": lambda: student.build_optimizer(
                list(model.parameters()), lr
            )
        },
    )
    if not isinstance(optimizer, torch.optim.Optimizer):
        kind = type(optimizer).__name__
        raise RejectedError(f"it gave back {kind}; expected an optimizer of torch.optim.")
    set_gradients(model, gradients)
    optimizer.step()
    return named_layers(parameter_values(model))


def watch_loop(loop: Callable[[Bench], object], *case: Any) -> dict[str, object]:
    """Let the student's loop run, and report what became of the model; where it fails, say why."""
    weights, images, labels, settings = case
    given = Bench(*case)

    def swapped() -> None:
        bench = Bench(*case)
        bench.criterion = SwappedCriterion(bench.criterion)
        loop(bench)

    def without_steps() -> None:
        bench = Bench(*case)
        bench.optimizer.idle = True
        loop(bench)

    def with_sixty_four() -> None:
        places = torch.arange(128) % len(labels)
        loop(Bench(weights, images[places], labels[places], settings | {"batch_size": 64}))

    losses = attempt(
        lambda: loop(given),
        {
            "images-not-flattened": lambda: loop(
                Bench(weights, images.flatten(start_dim=1), labels, settings)
            ),
            "criterion-arguments-swapped": swapped,
            "step-before-backward": without_steps,
            "fixed-batch-size": with_sixty_four,
            "prediction-under-no-grad": lambda: no_grad_ignored()(loop)(Bench(*case)),
        },
    )
    values = named_layers(parameter_values(given.model))
    trace = "".join(given.trace)
    recorded = given.batch_losses
    return {"weights": values, "losses": losses, "batch losses": recorded, "trace": trace}


@probe("train_epoch(model, loader, criterion, optimizer), called for each epoch,")
def run_epochs(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> object:
    """Train for some epochs, one by one."""

    def loop(bench: Bench) -> list[object]:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        return [student.train_epoch(*given) for _ in range(bench.epochs)]

    return watch_loop(loop, weights, images, labels, settings)


@probe("train(model, loader, criterion, optimizer, epochs)")
def run_training(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> object:
    """Train for some epochs."""

    def loop(bench: Bench) -> object:
        given = (bench.model, bench.loader, bench.criterion, bench.optimizer)
        return student.train(*given, bench.epochs)

    return watch_loop(loop, weights, images, labels, settings)


WEIGHT_MISTAKES: Mapping[str, Callable[..., object]] = {
    **STEP_MISTAKES,
    **LOOP_MISTAKES,
    "criterion-ignored": on_path(Path.without_criterion),
}


def single(tensors: Tensors) -> Tensors:
    """Make single precision of float64 tensors."""
    return [tensor.float() for tensor in tensors]


def loop_case(lr: float, epochs: int) -> Case:
    """Give weights, images and labels, and a loop over three batches of two, and one of one."""
    images, labels = image_batch(111, [2, 0, 2, 1, 3, 1, 0])
    settings = {
        "batch_size": 2,
        "epochs": epochs,
        "lr": lr,
        "momentum": 0.0,
        "class_weights": list(CLASS_WEIGHTS),
    }
    return single(layers(110, 784, 8, 4)), images.float(), labels, settings


def moved(weights: Tensors, strides: Tensors) -> Named:
    """Give the weights after strides were taken off them."""
    return named_layers([weight - step for weight, step in zip(weights, strides, strict=True)])


def test_the_optimizer_moves_every_parameter(student: Student) -> None:
    """A step of the optimizer takes the learning rate times the gradient off every parameter."""
    weights, gradients = single(layers(112, 4, 3, 2)), single(layers(113, 4, 3, 2))
    strides = [0.5 * slope for slope in gradients]
    expect(optimizer_step(student, weights, gradients, 0.5)).equals(
        moved(weights, strides),
        mistakes={
            "step-uphill": moved(weights, [-step for step in strides]),
            "lr-not-handed-over": moved(weights, [step / 500 for step in strides]),  # 0.001
            "adam-step": moved(weights, [0.5 * step.sign() for step in strides]),
            "biases-never-move": moved(weights, [step * (step.dim() > 1) for step in strides]),
            "last-layer-only": moved(
                weights, [step * (place > 1) for place, step in enumerate(strides)]
            ),
            "optimizer-of-another-model": named_layers(weights),
        },
    )


def test_an_epoch_takes_one_step_a_batch(student: Student) -> None:
    """Two epochs take one step for each batch, by the gradient of that batch alone."""
    case = loop_case(lr=0.1, epochs=2)
    answer = run_epochs(student, *case)
    right = chain(*Path(*case).losses())
    answer.show(loss_curves(answer["batch losses"].value, list(right), "batch"))
    expect_weights([answer], [case], WEIGHT_MISTAKES)


def test_the_epochs_loss_is_the_mean_over_its_batches(student: Student) -> None:
    """An epoch gives the sum of its batches' losses divided by the number of batches."""
    wrong = {slug: on_path(partial(each_epoch, by)) for slug, by in EPOCH_LOSS_MISTAKES.items()}
    expect_each(
        lambda *case: run_epochs(student, *case)["losses"],
        [loop_case(lr=0.02, epochs=2)],
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
    """Training goes through the loader once an epoch and gives a mean loss for each."""
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
            "last-epoch-only": on_path(lambda path: path.means()[-1]),
            "losses-of-all-batches": on_path(lambda path: list(chain(*path.losses()))),
            "nothing-returned": lambda *_: None,
        },
        draw=partial(loss_curves, step="epoch"),
    )
