"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from beside.loop_bench import Bench, in_batches_of, step_comes_first
from beside.repairs import only_64
from grader.guest.probing import (
    SwappedCriterion,
    attempt,
    named_layers,
    no_grad_ignored,
    parameter_values,
)
from grader.suite import probe
from kit.loop.mistakes import LOOP_MISTAKES, STEP_MISTAKES
from kit.loop.path import Path, on_path
from kit.loop.weights import EPOCHS, PARAMETERS
from kit.networks import CLASS_WEIGHTS, image_batch, layers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import torch

    from kit.loop.path import Case
    from kit.loop.trajectory import Settings, Tensors

__all__ = [
    "WEIGHT_MISTAKES",
    "loop_case",
    "run_epochs",
    "run_training",
    "single",
]


def watch_loop(loop: Callable[[Bench], object], *case: Any) -> dict[str, object]:
    """Let the student's loop run, and report what became of the model; where it fails, say why."""
    weights, images, labels, settings = case
    given = Bench(*case)

    def swapped() -> None:
        bench = Bench(*case)
        bench.criterion = SwappedCriterion(bench.criterion)
        loop(bench)

    losses = attempt(
        lambda: loop(given),
        {
            "images-not-flattened": lambda: loop(
                Bench(weights, images.flatten(start_dim=1), labels, settings)
            ),
            "criterion-arguments-swapped": swapped,
            "step-before-backward": lambda: step_comes_first(Bench(*case), loop),
            "fixed-batch-size": lambda: only_64(lambda size: loop(in_batches_of(size, *case))),
            "prediction-under-no-grad": lambda: no_grad_ignored()(loop)(Bench(*case)),
        },
    )
    values = named_layers(parameter_values(given.model))
    trace = "".join(given.trace)
    recorded = given.batch_losses
    return {PARAMETERS: values, "losses": losses, "batch losses": recorded, "trace": trace}


@probe(EPOCHS)
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


@probe("losses = train(model, loader, criterion, optimizer, epochs)")
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


@cache
def loop_case(lr: float, epochs: int, batch_size: int = 5) -> Case:
    """Give weights, images and labels, and a loop; five images a batch, and two in the last."""
    images, labels = image_batch(111, [2, 0, 2, 1, 3, 1, 0, 3, 3, 0, 2, 1, 1, 2, 0, 3, 2])
    settings = {
        "batch_size": batch_size,
        "epochs": epochs,
        "lr": lr,
        "momentum": 0.0,
        "class_weights": list(CLASS_WEIGHTS),
    }
    return single(layers(110, 784, 8, 4)), images.float(), labels, settings
