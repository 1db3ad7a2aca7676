"""Hidden tests of ex04: asking autograd for gradients, keeping them, and switching it off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from grader.guest.probing import (
    RecognisedError,
    attempt,
    network,
    no_grad_ignored,
    parameter_values,
    works,
)
from grader.judge.difference import difference
from grader.judge.expect import expect, expect_each
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.guest.submission import StudentModule
    from grader.judge.student import Student


def random_numbers(seed: int, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return numbers of both signs."""
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def known_network() -> nn.Sequential:
    """Build a network of known weights that gives log-probabilities of four classes."""
    shapes = ((5, 784), (5,), (4, 5), (4,))
    scales = (0.05, 0.5, 1.0, 0.5)
    values = [
        scale * random_numbers(seed, *shape)
        for seed, (scale, shape) in enumerate(zip(scales, shapes, strict=True))
    ]
    return network(values)


def batches() -> list[tuple[Tensor, Tensor]]:
    """Return two batches: a class repeats, another is absent."""
    return [
        (random_numbers(21, 5, 784), torch.tensor([2, 0, 2, 3, 0])),
        (random_numbers(22, 3, 784), torch.tensor([1, 3, 1])),
    ]


@probe("gradient_of_mean_square(x)")
def gradient_at(student: StudentModule, x: Tensor) -> object:
    """Ask for the gradient; where that fails, find out what would have helped."""
    try:
        return student.gradient_of_mean_square(x)
    except RuntimeError as error:
        if works(lambda: student.gradient_of_mean_square(x.clone().requires_grad_())):
            raise RecognisedError("x-not-watched") from error
        if works(lambda: student.gradient_of_mean_square(x.reshape(-1)[:1])):
            raise RecognisedError("backward-of-many-numbers") from error
        raise


@probe("gradient_of_mean_square(x)")
def watched_afterwards(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask for the gradient, and look whether x is watched now, or holds a gradient."""
    gradient = student.gradient_of_mean_square(x)
    return {"gradient": gradient, "watched": x.requires_grad or x.grad is not None}


@points(2)
def test_gradient_of_mean_square_is_right_for_any_shape(student: Student) -> None:
    """The gradient of the mean of the squares is right, whatever the shape of x."""
    expect_each(
        partial(gradient_at, student),
        [(random_numbers(11, 2, 3, dtype=torch.float64),), (random_numbers(12, 3, 2, 2),)],
        right=lambda x: 2 * x / x.numel(),
        mistakes={
            "sum-not-mean": lambda x: 2 * x,
            "half-of-x": lambda x: x / 2,
            "mean-over-rows-only": lambda x: 2 * x / len(x),
            "mean-squared": lambda x: torch.full_like(x, 2 * x.mean().item() / x.numel()),
            "backward-twice": lambda x: 4 * x / x.numel(),
            "value-not-gradient": lambda x: (x**2).mean(),
            "gradient-is-none": lambda _: None,
        },
    )


@points(1)
def test_x_leaves_as_it_came(student: Student) -> None:
    """After the call, x has its old values, no `requires_grad` and no gradient."""
    x = random_numbers(13, 2, 2)  # x/2 is right for four numbers: that mistake is another test's
    answer = watched_afterwards(student, x)
    expect(answer["gradient"]).equals(x / 2)
    expect(answer["watched"]).equals(False, mistakes={"argument-left-watched": True})
    expect(answer).leaves_arguments_alone()


class Recorder(nn.Module):
    """Passes its arguments on to a criterion, and remembers the first.

    Attributes:
        first: the first argument of the last call.
    """

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.NLLLoss()
        self.first: object = None

    def forward(self, *args: object) -> object:
        """Remember the first argument and call the criterion."""
        self.first = args[0] if args else None
        return self.inner(*args)


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients(student: StudentModule, images: Tensor, labels: Tensor) -> object:
    """Collect the gradients of a fresh model."""
    criterion = Recorder()

    model = known_network().to(images.device)

    def collect() -> object:
        return student.parameter_gradients(model, criterion, images, labels)

    try:
        return attempt(collect, {"prediction-under-no-grad": no_grad_ignored()(collect)})
    except RuntimeError as error:
        if isinstance(criterion.first, Tensor) and not criterion.first.is_floating_point():
            raise RecognisedError("criterion-arguments-swapped") from error
        raise


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients_after_stale(student: StudentModule, images: Tensor, labels: Tensor) -> object:
    """Collect the gradients of a model that holds older ones."""
    model = known_network().to(images.device)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, STALE)
    return student.parameter_gradients(model, nn.NLLLoss(), images, labels)


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients_kept(
    student: StudentModule, images: Tensor, labels: Tensor, later: Tensor, later_labels: Tensor
) -> object:
    """Collect the gradients of one batch, then of another, and return the first ones."""
    model = known_network().to(images.device)
    first = student.parameter_gradients(model, nn.NLLLoss(), images, labels)
    student.parameter_gradients(model, nn.NLLLoss(), later, later_labels)
    return first


@probe("parameter_gradients(model, criterion, images, labels)")
def parameters_afterwards(
    student: StudentModule, images: Tensor, labels: Tensor
) -> dict[str, object]:
    """Collect the gradients, and return what the parameters are then."""
    model = known_network().to(images.device)
    collected = student.parameter_gradients(model, nn.NLLLoss(), images, labels)
    return {"gradients": collected, "parameters": parameter_values(model)}


STALE = 0.25  # of the size of the gradients


def mean_loss(output: Tensor, labels: Tensor) -> Tensor:
    """Return the mean negative log-likelihood."""
    return nn.functional.nll_loss(output, labels)


def reference_gradients(
    images: Tensor, labels: Tensor, loss: Callable[[Tensor, Tensor], Tensor] = mean_loss
) -> dict[str, Tensor]:
    """Compute the gradients of a loss for the known network."""
    model = known_network()
    names, parameters = zip(*model.named_parameters(), strict=True)
    found = torch.autograd.grad(loss(model(images), labels), parameters)
    return dict(zip(names, found, strict=True))


def changed(gradients: dict[str, Tensor], change: Callable[[Tensor], object]) -> dict[str, object]:
    """Return what a mistake makes of each of the gradients."""
    return {name: change(gradient) for name, gradient in gradients.items()}


@points(1)
def test_parameter_gradients_are_those_of_the_loss(student: Student) -> None:
    """Every parameter's gradient of the batch's loss comes back under the parameter's name."""
    expect_each(
        partial(gradients, student),
        batches(),
        right=reference_gradients,
        mistakes={
            "parameters-not-gradients": lambda _, __: dict(known_network().named_parameters()),
            "biases-left-out": lambda x, y: {
                name: gradient
                for name, gradient in reference_gradients(x, y).items()
                if name.endswith("weight")
            },
            "mean-taken-twice": lambda x, y: reference_gradients(
                x, y, lambda output, labels: mean_loss(output, labels) / len(labels)
            ),
            "criterion-left-out": lambda x, y: reference_gradients(
                x, y, lambda output, _: output.mean()
            ),
            "criterion-on-probabilities": lambda x, y: reference_gradients(
                x, y, lambda output, labels: mean_loss(output.exp(), labels)
            ),
            "gradients-cleared-too-late": lambda x, y: changed(
                reference_gradients(x, y), torch.zeros_like
            ),
            "gradient-is-none": lambda x, y: changed(reference_gradients(x, y), lambda _: None),
        },
    )


@points(1)
def test_older_gradients_do_not_count(student: Student) -> None:
    """Gradients that were there before the call do not count."""
    expect_each(
        partial(gradients_after_stale, student),
        batches(),
        right=reference_gradients,
        mistakes={
            "older-gradients-added": lambda x, y: changed(
                reference_gradients(x, y), lambda gradient: gradient + STALE
            ),
        },
    )


@points(1)
def test_gradients_keep_their_values(student: Student) -> None:
    """Gradients that came back keep their values when the next batch is asked for."""
    first, later = batches()
    expect(gradients_kept(student, *first, *later)).equals(
        reference_gradients(*first),
        mistakes={"gradients-not-copied": lambda: reference_gradients(*later)},
    )


@points(1)
def test_parameters_keep_their_values(student: Student) -> None:
    """Asking for the gradients changes no parameter and no image."""
    images, labels = batches()[1]
    answer = parameters_afterwards(student, images, labels)
    expect(answer["gradients"]).equals(reference_gradients(images, labels))
    moved = difference(answer["parameters"].value, parameter_values(known_network()))
    expect(answer).satisfies(
        not moved, "the parameters have other values afterwards.", "parameters-updated-too"
    )
    expect(answer).leaves_arguments_alone()


@probe("predict_without_tracking(model, images)")
def prediction(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model without tracking."""
    output = student.predict_without_tracking(known_network().to(images.device), images)
    return {"output": output, "tracked": isinstance(output, Tensor) and output.requires_grad}


@probe("predict_without_tracking(model, images)")
def grad_modes(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model with grad mode on and with it off, and look at the mode afterwards."""
    model, modes = known_network().to(images.device), []
    output = None
    for mode in (True, False):
        torch.set_grad_enabled(mode)
        output = student.predict_without_tracking(model, images)
        modes.append(torch.is_grad_enabled())
    return {"output": output, "mode afterwards": modes}


@points(1)
def test_prediction_is_what_the_model_gives(student: Student) -> None:
    """The prediction is the model's output, as the model gives it."""
    images = random_numbers(31, 3, 784)
    output = known_network()(images).detach()
    expect(prediction(student, images)["output"]).equals(
        output,
        mistakes={
            "classes-not-output": lambda: output.argmax(1),
            "probabilities-not-output": output.exp,
        },
    )


@points(1)
def test_prediction_carries_no_graph(student: Student) -> None:
    """The prediction comes without a graph."""
    images = random_numbers(32, 3, 784)
    answer = prediction(student, images)
    expect(answer["output"]).equals(known_network()(images).detach())
    expect(answer["tracked"]).equals(False, mistakes={"graph-still-attached": True})


@points(1)
def test_grad_mode_is_as_before(student: Student) -> None:
    """Grad mode is the same after the prediction as before it, on or off."""
    images = random_numbers(33, 2, 784)
    answer = grad_modes(student, images)
    expect(answer["output"]).equals(known_network()(images).detach())
    expect(answer["mode afterwards"]).equals(
        [True, False],
        mistakes={"grad-mode-left-off": [False, False], "grad-mode-switched-on": [True, True]},
    )
