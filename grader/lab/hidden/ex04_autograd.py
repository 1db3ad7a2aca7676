"""Hidden tests of ex04: asking autograd for gradients, keeping them, and switching it off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from beside.repairs import sums_differentiated
from beside.updates import noted_passes
from grader.guest.probing import (
    RecognisedError,
    attempt,
    gradient_values,
    network,
    no_grad_ignored,
    parameter_values,
    works,
)
from grader.suite import difference, expect, expect_beside, expect_each, points, probe
from kit.modes import AUTOGRAD, TRAINING, expect_as_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Answer, Student, StudentModule

    Loss = Callable[[Tensor, Tensor], Tensor]


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


def gradient_of(student: StudentModule, x: Tensor) -> object:
    """Ask for the gradient; where that fails, find out what would have helped."""
    try:
        return student.gradient_of_mean_square(x)
    except RuntimeError as error:
        if works(lambda: student.gradient_of_mean_square(x.clone().requires_grad_())):
            raise RecognisedError("x-not-watched") from error
        if works(lambda: sums_differentiated()(student.gradient_of_mean_square)(x)):
            raise RecognisedError("backward-of-many-numbers") from error
        raise


@probe("gradient_of_mean_square(x)")
def gradient_at(student: StudentModule, x: Tensor) -> object:
    """Ask for the gradient."""
    return gradient_of(student, x)


WATCHED = "x.requires_grad after the call"


@probe("gradient_of_mean_square(x)")
def watched_afterwards(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask for the gradient, and look whether x is watched now, or holds a gradient."""
    gradient = gradient_of(student, x)
    return {
        "the gradient": gradient,
        WATCHED: x.requires_grad,
        "has a gradient": x.grad is not None,
    }


MEAN_SQUARE_MISTAKES: dict[str, Callable[[Tensor], Tensor]] = {
    "sum-not-mean": lambda x: 2 * x,
    "half-of-x": lambda x: x / 2,
    "mean-over-rows-only": lambda x: 2 * x / len(x),
    "mean-squared": lambda x: torch.full_like(x, 2 * x.mean().item() / x.numel()),
    "backward-twice": lambda x: 4 * x / x.numel(),
    "value-not-gradient": lambda x: (x**2).mean(),
}


def mean_square_gradient(x: Tensor) -> Tensor:
    """Return the gradient of the mean of the squares."""
    return 2 * x / x.numel()


@points(2)
def test_gradient_of_mean_square_is_right_for_any_shape(student: Student) -> None:
    """gradient_of_mean_square: the right gradient, whatever the shape of x."""
    expect_each(
        partial(gradient_at, student),
        [(random_numbers(11, 2, 3, dtype=torch.float64),), (random_numbers(12, 3, 2, 2),)],
        right=mean_square_gradient,
        mistakes={
            **MEAN_SQUARE_MISTAKES,
            "backward-times-loss": lambda x: mean_square_gradient(x) * x.square().mean(),
            "gradient-is-none": lambda _: None,
        },
    )


@points(0.5)
def test_x_leaves_as_it_came(student: Student) -> None:
    """gradient_of_mean_square: leaves x unchanged: its values, requires_grad and .grad."""
    x = random_numbers(13, 5, 2)  # no public check has ten numbers
    answer = watched_afterwards(student, x)
    gradient = answer["the gradient"]
    expect_beside(lambda _: gradient, [(x,)], mean_square_gradient, past=MEAN_SQUARE_MISTAKES)
    expect(answer[WATCHED]).equals(False, mistakes={"argument-left-watched": True})
    expect(answer).satisfies(
        answer["has a gradient"].value is False,
        "x.grad is not None after the call.",
        "argument-left-watched",
    )
    expect(answer).leaves_arguments_alone()


class ScaledLoss(nn.Module):
    """Measures half as much again as the mean negative log-likelihood: no other criterion does."""

    def forward(self, log_probabilities: Tensor, labels: Tensor) -> Tensor:
        """Measure the loss."""
        return scaled_loss(log_probabilities, labels)


class Recorder(nn.Module):
    """Passes its arguments on to a criterion, and remembers the first.

    Attributes:
        first: the first argument of the last call.
    """

    def __init__(self) -> None:
        super().__init__()
        self.inner = ScaledLoss()
        self.first: object = None

    def forward(self, *args: object) -> object:
        """Remember the first argument and call the criterion."""
        self.first = args[0] if args else None
        return self.inner(*args)


@probe("parameter_gradients(model, criterion, images, labels)")
def gradients(student: StudentModule, images: Tensor, labels: Tensor) -> dict[str, object]:
    """Collect the gradients of a fresh model; `trace` holds a B for each backward pass."""
    criterion = Recorder()

    trace: list[str] = []
    model = noted_passes(known_network().to(images.device), trace)

    def collect() -> object:
        return student.parameter_gradients(model, criterion, images, labels)

    try:
        found = attempt(collect, {"prediction-under-no-grad": no_grad_ignored()(collect)})
        return {"the result": found, "trace": "".join(trace)}
    except RuntimeError as error:
        if isinstance(criterion.first, Tensor) and torch.equal(criterion.first, labels):
            raise RecognisedError("criterion-arguments-swapped") from error
        raise


FIRST = "the result for the first batch, read after the second call,"


@probe("parameter_gradients(model, criterion, images, labels), of a model with older gradients,")
def gradients_after_stale(student: StudentModule, images: Tensor, labels: Tensor) -> object:
    """Collect the gradients of a model that holds older ones."""
    model = known_network().to(images.device)
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, STALE)
    return student.parameter_gradients(model, ScaledLoss(), images, labels)


@probe("parameter_gradients(model, criterion, images, labels), for two batches,")
def gradients_kept(
    student: StudentModule, images: Tensor, labels: Tensor, images_2: Tensor, labels_2: Tensor
) -> object:
    """Collect the gradients of one batch, then of another, and return the first ones."""
    model = known_network().to(images.device)
    first = student.parameter_gradients(model, ScaledLoss(), images, labels)
    student.parameter_gradients(model, ScaledLoss(), images_2, labels_2)
    return {FIRST: first}


@probe("parameter_gradients(model, criterion, images, labels)")
def parameters_afterwards(
    student: StudentModule, images: Tensor, labels: Tensor
) -> dict[str, object]:
    """Collect the gradients, and return what the parameters are then."""
    model = known_network().to(images.device)
    collected = student.parameter_gradients(model, ScaledLoss(), images, labels)
    return {"the result": collected, "parameters": parameter_values(model)}


STALE = 0.25  # of the size of the gradients


SCALE = 1.5  # times the usual loss: a criterion of the test's own


def scaled_loss(output: Tensor, labels: Tensor) -> Tensor:
    """Return what the criterion at hand measures."""
    return SCALE * nn.functional.nll_loss(output, labels)


def reference_gradients(
    images: Tensor, labels: Tensor, loss: Loss = scaled_loss
) -> dict[str, Tensor]:
    """Compute the gradients of a loss for the known network."""
    model = known_network()
    names, parameters = zip(*model.named_parameters(), strict=True)
    with torch.enable_grad():  # in a local run the student's code may have switched it off
        found = torch.autograd.grad(loss(model(images), labels), parameters)
    return dict(zip(names, found, strict=True))


def changed(gradients: dict[str, Tensor], change: Callable[[Tensor], object]) -> dict[str, object]:
    """Return what a mistake makes of each of the gradients."""
    return {name: change(gradient) for name, gradient in gradients.items()}


def by_loss(loss: Loss) -> Callable[[Tensor, Tensor], dict[str, object]]:
    """Return what computes the gradients of another loss."""
    return lambda images, labels: dict(reference_gradients(images, labels, loss))


# Gradients of something else: what comes of them is charged once.
OTHER_LOSSES: dict[str, Callable[[Tensor, Tensor], dict[str, object]]] = {
    "biases-left-out": lambda x, y: {
        name: gradient
        for name, gradient in reference_gradients(x, y).items()
        if name.endswith("weight")
    },
    "mean-taken-twice": by_loss(lambda output, labels: scaled_loss(output, labels) / len(labels)),
    "criterion-left-out": by_loss(lambda output, _: output.mean()),
    "criterion-on-probabilities": by_loss(lambda output, y: scaled_loss(output.exp(), y)),
    "criterion-ignored": by_loss(nn.functional.nll_loss),
}


@points(2)
def test_parameter_gradients_are_those_of_the_loss(student: Student) -> None:
    """parameter_gradients: the gradient of the loss for each parameter, under its name."""
    answers = [gradients(student, *batch) for batch in batches()]
    cleared: dict[str, Callable[[Tensor, Tensor], dict[str, object]]] = {
        "gradients-cleared-too-late": lambda x, y: changed(
            reference_gradients(x, y), torch.zeros_like
        )
    }
    went_back = "B" in answers[0]["trace"].text
    expect_each(
        [answer["the result"] for answer in answers],
        batches(),
        right=reference_gradients,
        mistakes={
            **OTHER_LOSSES,
            **(cleared if went_back else {}),
            "backward-times-loss": by_loss(lambda output, y: scaled_loss(output, y).square() / 2),
            "parameters-not-gradients": lambda _, __: dict(known_network().named_parameters()),
            "gradient-is-none": lambda x, y: changed(reference_gradients(x, y), lambda _: None),
        },
    )


@points(1)
def test_older_gradients_do_not_count(student: Student) -> None:
    """parameter_gradients: gradients from before the call do not count."""
    expect_beside(
        partial(gradients_after_stale, student),
        batches(),
        right=reference_gradients,
        past=OTHER_LOSSES,
        mistakes={
            "older-gradients-added": lambda x, y: changed(
                reference_gradients(x, y), lambda gradient: gradient + STALE
            ),
        },
    )


@points(1)
def test_gradients_keep_their_values(student: Student) -> None:
    """parameter_gradients: the returned gradients keep their values at the next call."""
    first, later = batches()
    expect_beside(
        lambda *_: gradients_kept(student, *first, *later)[FIRST],
        [first],
        right=reference_gradients,
        past=OTHER_LOSSES,
        mistakes={"gradients-not-copied": lambda *_: reference_gradients(*later)},
    )


@points(0.5)
def test_parameters_keep_their_values(student: Student) -> None:
    """parameter_gradients: changes no parameter and no image."""
    images, labels = batches()[1]
    answer = parameters_afterwards(student, images, labels)
    found = answer["the result"]
    expect_beside(lambda *_: found, [(images, labels)], reference_gradients, past=OTHER_LOSSES)
    moved = difference(answer["parameters"].value, parameter_values(known_network()))
    expect(answer).satisfies(
        not moved, "the call changed the values of the parameters.", "parameters-updated-too"
    )
    expect(answer).leaves_arguments_alone()


REACHED = "the gradients after a backward pass from the output"


@probe("predict_without_tracking(model, images)")
def prediction(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model without tracking; say what goes back from twice the output to the weights."""
    model, factor = known_network().to(images.device), torch.ones((), requires_grad=True)
    output = student.predict_without_tracking(model, images)
    if isinstance(output, Tensor) and output.is_floating_point():
        with torch.enable_grad():
            torch.autograd.backward((2 * factor * output.clone()).sum())
    names = ["the output itself", *(name for name, _ in model.named_parameters())]
    gradients = gradient_values([factor, *model.parameters()])
    return {"the output": output, REACHED: dict(zip(names, gradients, strict=True))}


@probe("predict_without_tracking(model, images), and a backward pass of a loss after it,")
def learning_afterwards(
    student: StudentModule, images: Tensor, labels: Tensor
) -> dict[str, object]:
    """Run a model without tracking, then go back from a loss of its own."""
    model = known_network().to(images.device)
    output = student.predict_without_tracking(model, images)
    with torch.enable_grad():
        loss = ScaledLoss()(model(images), labels)
        if loss.requires_grad:
            torch.autograd.backward(loss)
    found = {name: parameter.grad for name, parameter in model.named_parameters()}
    return {"the output": output, "the gradients": found}


@probe("predict_without_tracking(model, images)")
def modes_afterwards(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model in training mode and in evaluation mode, and look at its mode afterwards."""
    model, modes = known_network().to(images.device), dict[str, object]()
    output = None
    for mode in (True, False):
        output = student.predict_without_tracking(model.train(mode), images)
        modes[TRAINING[mode]] = model.training
    return {"the output": output, **modes}


@probe("predict_without_tracking(model, images)")
def grad_modes(student: StudentModule, images: Tensor) -> dict[str, object]:
    """Run a model with grad mode on and with it off, and look at the mode afterwards."""
    model, modes = known_network().to(images.device), dict[str, object]()
    output = None
    for mode in (True, False):
        torch.set_grad_enabled(mode)
        output = student.predict_without_tracking(model, images)
        modes[AUTOGRAD[mode]] = torch.is_grad_enabled()
    return {"the output": output, **modes}


def known_output(images: Tensor) -> Tensor:
    """Return what the known network gives."""
    output: Tensor = known_network()(images).detach()
    return output


OTHER_OUTPUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "classes-not-output": lambda images: known_output(images).argmax(1),
    "probabilities-not-output": lambda images: known_output(images).exp(),
}


def predicts(answer: Answer, images: Tensor) -> None:
    """Require an output; another test names and charges one that is of another kind."""
    output = answer["the output"]
    expect_beside(lambda _: output, [(images,)], known_output, past=OTHER_OUTPUTS)


@points(0.5)
def test_prediction_is_what_the_model_gives(student: Student) -> None:
    """predict_without_tracking: returns the model's output as it is."""
    images = random_numbers(31, 3, 784)
    output = prediction(student, images)["the output"]
    expect_each(lambda _: output, [(images,)], right=known_output, mistakes=OTHER_OUTPUTS)


@points(1)
def test_prediction_carries_no_graph(student: Student) -> None:
    """predict_without_tracking: the output has no graph."""
    images = random_numbers(32, 3, 784)
    answer = prediction(student, images)
    predicts(answer, images)
    output, model = answer["the output"].value, known_network()
    total = 2 * output.detach().sum() if output.is_floating_point() else torch.zeros(())
    names, parameters = zip(*model.named_parameters(), strict=True)
    with torch.enable_grad():
        tracked = torch.autograd.grad(2 * model(images).sum(), parameters)
    own = {"the output itself": total}
    expect(answer[REACHED]).equals(
        own | dict(zip(names, map(torch.zeros_like, tracked), strict=True)),
        mistakes={"graph-still-attached": own | dict(zip(names, tracked, strict=True))},
    )


@points(0.5)
def test_model_can_learn_after_a_prediction(student: Student) -> None:
    """predict_without_tracking: parameters still get gradients; the model's mode is unchanged."""
    images, labels = batches()[0]
    answer = learning_afterwards(student, images, labels)
    predicts(answer, images)
    right = reference_gradients(images, labels)
    frozen = {"parameters-frozen": dict.fromkeys(right)}
    expect(answer["the gradients"]).equals(right, mistakes=frozen)
    answer = modes_afterwards(student, images)
    predicts(answer, images)
    expect_as_before(answer, TRAINING, "left-in-evaluation-mode", "left-in-training-mode")


@points(1)
def test_grad_mode_is_as_before(student: Student) -> None:
    """predict_without_tracking: leaves grad mode as it was, on or off."""
    images = random_numbers(33, 2, 784)
    answer = grad_modes(student, images)
    predicts(answer, images)
    expect_as_before(answer, AUTOGRAD, "grad-mode-left-off", "grad-mode-switched-on")
