"""Hidden tests of ex08_training_loop: the optimizer, one epoch, and several.

What a loop leaves in the model is compared with the path of a plain loop over the same batches in
float64, and with the paths of known mistakes. Where several mistakes leave the weights as they
were, a record of what happened names the mistake; it decides no points. The losses are judged at a
learning rate of 0, where they don't depend on the steps.
"""

from __future__ import annotations

from functools import partial, partialmethod
from itertools import chain
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

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
from grader.judge.expect import expect_each
from grader.judge.networks import (
    CLASS_WEIGHTS,
    EQUAL_WEIGHTS,
    gradients_at,
    image_batch,
    layers,
    loss_at,
    mixed_pixels,
)
from grader.judge.suite import points, probe
from grader.judge.tolerances import over_many_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.judge.student import Answer, Student

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


# What is right, and what mistakes give.


def trail(
    weights: Tensors,
    batches: Sequence[Batch],
    lr: float,
    momentum: float,
    class_weights: Sequence[float],
) -> list[Tensors]:
    """Give the weights before the first, and after each, of the steps on some batches.

    A momentum of 1 walks by the sum of all gradients so far, as gradients do that nobody clears.
    """
    velocity = [torch.zeros_like(weight) for weight in weights]
    places = [weights]
    for images, labels in batches:
        fresh = gradients_at(places[-1], images, labels, class_weights)
        velocity = [new + momentum * old for new, old in zip(fresh, velocity, strict=True)]
        strides = [lr * slope for slope in velocity]
        places.append([weight - step for weight, step in zip(places[-1], strides, strict=True)])
    return places


class Path:
    """A case of a loop, and where the right loop and mistaken ones lead in it.

    Attributes:
        batches: the batches of one epoch.
        all: the batches of all epochs.
        size: the batch size, which the last batch of an epoch may not reach.
    """

    def __init__(
        self, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, settings: Settings
    ) -> None:
        self.weights, self.size, self.lr = weights, settings["batch_size"], settings["lr"]
        self.momentum, self.class_weights = settings["momentum"], settings["class_weights"]
        parts = torch.split(images, self.size), torch.split(labels, self.size)
        self.batches: list[Batch] = list(zip(*parts, strict=True))
        self.epochs: int = settings["epochs"]
        self.all = self.batches * self.epochs

    def trail(
        self, batches: Sequence[Batch], lr: float | None = None, momentum: float | None = None
    ) -> list[Tensors]:
        """Give the weights before the first, and after each, of the steps on some batches."""
        lr = self.lr if lr is None else lr
        momentum = self.momentum if momentum is None else momentum
        return trail(self.weights, batches, lr, momentum, self.class_weights)

    def after(
        self, batches: Sequence[Batch], lr: float | None = None, momentum: float | None = None
    ) -> Named:
        """Give the weights after a step on each of these batches."""
        return named_layers(self.trail(batches, lr, momentum)[-1])

    def after_epochs(self, momentum: float) -> Named:
        """Give the weights after all epochs, each of which begins without velocity."""
        weights = self.weights
        for _ in range(self.epochs):
            weights = trail(weights, self.batches, self.lr, momentum, self.class_weights)[-1]
        return named_layers(weights)

    def without_criterion(self) -> Named:
        """Give the weights after a loop whose loss weighs all classes alike."""
        places = trail(self.weights, self.all, self.lr, self.momentum, EQUAL_WEIGHTS)
        return named_layers(places[-1])

    def loss(self, weights: Tensors, batch: Batch) -> float:
        """Give the loss of one batch."""
        return loss_at(weights, *batch, self.class_weights).item()

    def losses(self, momentum: float = 0.0, late: int = 0) -> list[list[float]]:
        """Give the losses of each epoch's batches, each measured `late` steps too late."""
        places = self.trail(self.all, momentum=momentum)[late:]
        measured = [self.loss(*pair) for pair in zip(places, self.all, strict=False)]
        count = len(self.batches)
        return [measured[start : start + count] for start in range(0, len(measured), count)]

    def means(self, momentum: float = 0.0, late: int = 0) -> list[float]:
        """Give the mean of the batches' losses for each epoch."""
        return [mean(losses) for losses in self.losses(momentum, late)]

    def means_after_epochs(self) -> list[float]:
        """Give the mean loss after each epoch, with the weights that it ended with."""
        count = len(self.batches)
        ends = self.trail(self.all)[count::count]
        return [mean([self.loss(end, batch) for batch in self.batches]) for end in ends]


def mean(numbers: Sequence[float]) -> float:
    """Give the sum divided by the count."""
    return sum(numbers) / len(numbers)


def on_path(give: Callable[[Path], object]) -> Callable[..., object]:
    """Let a function of a path take the arguments of a case."""
    return lambda *case: give(Path(*case))


def mixed(batches: Sequence[Batch]) -> list[Batch]:
    """Mix the pixels of each batch's images."""
    return [(mixed_pixels(images), labels) for images, labels in batches]


def unmoved(path: Path) -> Named:
    """Give the weights as they were."""
    return named_layers(path.weights)


STEP_MISTAKES: Mapping[str, Callable[..., object]] = {
    "step-uphill": on_path(lambda path: path.after(path.all, lr=-path.lr)),
    "two-steps-a-batch": on_path(lambda path: path.after(path.all, lr=2 * path.lr)),
    "pixels-of-images-mixed": on_path(lambda path: path.after(mixed(path.all))),
}

LOOP_MISTAKES: Mapping[str, Callable[..., object]] = {
    **STEP_MISTAKES,
    "gradients-add-up": on_path(lambda path: path.after(path.all, momentum=1.0)),
    "cleared-once-an-epoch": on_path(lambda path: path.after_epochs(momentum=1.0)),
    "first-batch-only": on_path(lambda path: path.after(path.batches[:1] * path.epochs)),
    "same-batch-again": on_path(lambda path: path.after(path.batches[:1] * len(path.all))),
    "smaller-batch-left-out": on_path(lambda path: path.after(path.batches[:-1] * path.epochs)),
    "one-step-an-epoch": on_path(lambda path: path.after(path.batches[-1:] * path.epochs)),
    "step-before-backward": on_path(lambda path: path.after(path.all[:-1])),
}

EPOCH_LOSS_MISTAKES: Mapping[str, EpochLoss] = {
    "losses-not-divided": lambda _, losses: sum(losses),
    "divided-by-dataset-size": lambda path, losses: sum(losses) / images_of(path),
    "losses-divided-by-batch-size": lambda path, losses: sum(losses) / path.size,
    "last-loss-only": lambda _, losses: losses[-1],
    "sum-reset-each-batch": lambda _, losses: losses[-1] / len(losses),
    "first-batch-only": lambda _, losses: losses[0] / len(losses),
    "weighted-by-batch-size": lambda path, losses: (
        sum(loss * len(labels) for loss, (_, labels) in zip(losses, path.batches, strict=True))
        / images_of(path)
    ),
}


def first_epoch(mistake: EpochLoss, path: Path) -> object:
    """Give what a mistake makes of the first epoch's losses."""
    return mistake(path, path.losses()[0])


def each_epoch(mistake: EpochLoss, path: Path) -> list[object]:
    """Give what a mistake makes of each epoch's losses."""
    return [mistake(path, losses) for losses in path.losses()]


def images_of(path: Path) -> int:
    """Count the images of an epoch."""
    return sum(len(labels) for _, labels in path.batches)


# The probes.


class TracedNetwork(nn.Module):
    """A network that notes an F for each forward pass, a B for each backward, a Z when cleared."""

    def __init__(self, weights: Tensors, trace: list[str]) -> None:
        super().__init__()
        self.layers = network(weights)
        self.trace = trace
        *_, last = self.layers.parameters()
        last.register_post_accumulate_grad_hook(lambda _: trace.append("B"))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        self.trace.append("F")
        scores: torch.Tensor = self.layers(features)
        return scores

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients."""
        self.trace.append("Z")
        super().zero_grad(set_to_none)


class TracedSGD(torch.optim.SGD):
    """SGD that notes a Z for each clearing and an S for each step; s if it found no gradient.

    Attributes:
        idle: whether a step changes nothing.
    """

    def __init__(self, model: TracedNetwork, lr: float, momentum: float) -> None:
        super().__init__(model.parameters(), lr=lr, momentum=momentum)
        self.model = model
        self.idle = False

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Clear the gradients."""
        self.model.trace.append("Z")
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        """Take a step."""
        slopes = [parameter.grad for parameter in self.model.parameters()]
        found = any(slope is not None and bool(slope.any()) for slope in slopes)
        self.model.trace.append("S" if found else "s")
        return None if self.idle else super().step(closure)


class Bench:
    """Everything that a loop is handed."""

    def __init__(
        self, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, settings: Settings
    ) -> None:
        self.trace: list[str] = []
        self.model = TracedNetwork(weights, self.trace)
        self.loader = DataLoader(TensorDataset(images, labels), batch_size=settings["batch_size"])
        class_weights = weights[0].new_tensor(settings["class_weights"])
        self.criterion: nn.Module = nn.NLLLoss(weight=class_weights)
        self.optimizer = TracedSGD(self.model, settings["lr"], settings["momentum"])
        self.epochs: int = settings["epochs"]


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
    return {"weights": values, "losses": losses, "trace": "".join(given.trace)}


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


@probe("train(model, loader, criterion, optimizer, epochs)")
def run_training(
    student: Any,
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    settings: Settings,
) -> object:
    """Call train."""

    def loop(bench: Bench) -> object:
        return student.train(
            bench.model, bench.loader, bench.criterion, bench.optimizer, bench.epochs
        )

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


def why_unmoved(answer: Answer) -> str:
    """Name the mistake behind weights that a loop left as they were."""
    trace = str(answer["trace"].value)
    if "B" not in trace:
        return "backward-never-called"
    if "s" not in trace:
        return "step-not-taken"
    first_step_is_first = trace.index("s") < trace.index("B")
    return "step-before-backward" if first_step_is_first else "gradients-gone-before-the-step"


def expect_weights(
    answers: Sequence[Answer], cases: Sequence[Case], mistakes: Mapping[str, Callable[..., object]]
) -> None:
    """Require the weights of the right loop."""
    stepped = "S" in str(answers[0]["trace"].value)
    stuck = {} if stepped else {why_unmoved(answers[0]): on_path(unmoved)}
    remaining = iter(answers)
    expect_each(
        lambda *_: next(remaining)["weights"],
        cases,
        right=on_path(lambda path: path.after(path.all)),
        mistakes={**mistakes, **stuck},
        tolerance=over_many_steps(cases[0][0][0].dtype),
    )


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
    expect_weights(answers, loop_cases(), LOOP_MISTAKES)


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
    answers = [run_training(student, *case) for case in loop_cases()]
    mistakes = {
        **LOOP_MISTAKES,
        "one-epoch-only": on_path(lambda path: path.after(path.batches)),
        "one-epoch-too-many": on_path(lambda path: path.after([*path.all, *path.batches])),
    }
    expect_weights(answers, loop_cases(), mistakes)


@points(1)
def test_the_steps_are_those_of_the_optimizer_given(student: Student) -> None:
    """The optimizer that was handed over takes all of the steps: its momentum lasts."""
    cases = loop_cases(lr=0.1, momentum=0.9)
    answers = [run_training(student, *case) for case in cases]
    mistakes = {
        "optimizer-not-used": on_path(lambda path: path.after(path.all, momentum=0.0)),
        "optimizer-rebuilt": on_path(lambda path: path.after_epochs(momentum=0.9)),
    }
    expect_weights(answers, cases, mistakes)


@points(1)
def test_training_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """Training gives a list of floats, each the mean of one epoch alone."""

    def summed_up(path: Path) -> list[float]:
        return [mean * (place + 1) for place, mean in enumerate(path.means())]

    wrong = {slug: on_path(partial(each_epoch, by)) for slug, by in EPOCH_LOSS_MISTAKES.items()}
    expect_each(
        lambda *case: run_training(student, *case)["losses"],
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


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """Each batch's loss is taken before the step on that batch."""
    expect_each(
        lambda *case: run_training(student, *case)["losses"],
        loop_cases(),
        right=on_path(Path.means),
        mistakes={
            "gradients-add-up": on_path(lambda path: path.means(momentum=1.0)),
            "loss-after-the-step": on_path(lambda path: path.means(late=1)),
            "loss-after-the-epoch": on_path(Path.means_after_epochs),
        },
    )
