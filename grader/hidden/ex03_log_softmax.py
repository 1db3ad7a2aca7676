"""Hidden tests of ex03: a model of log-probabilities, its criterion, and the loss of a batch."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from grader.guest.probing import RecognisedError, RejectedError, network, require_module, works
from grader.judge.expect import expect, expect_each
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.guest.submission import StudentModule
    from grader.judge.student import Student

LAYERS = ((128, 784), (64, 128), (10, 64))


def known_values(shape: Sequence[int]) -> Tensor:
    """Return the values for a parameter of this shape: (in, out) is (out, in) transposed."""
    sizes = sorted(size for size in shape if size > 1)
    generator = torch.Generator().manual_seed(math.prod(sizes))
    scale = 1.2 / math.sqrt(sizes[-1]) if len(sizes) == 2 else 0.5
    values = torch.randn(sizes, generator=generator) * scale
    transposed = len(sizes) == 2 and list(shape) == sizes[::-1]
    return values.T if transposed else values.reshape(tuple(shape))


def random_images(seed: int, *shape: int) -> Tensor:
    """Return images with pixels of both signs, as normalised digits have."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def random_log_probabilities(seed: int, n: int, classes: int, dtype: torch.dtype) -> Tensor:
    """Return rows of log-probabilities that are far from even."""
    generator = torch.Generator().manual_seed(seed)
    return torch.log_softmax(3 * torch.randn(n, classes, dtype=dtype, generator=generator), 1)


def small_network() -> nn.Sequential:
    """Build a network for four classes that stands in for the model."""
    return network([known_values(shape) for shape in ((6, 784), (6,), (4, 6), (4,))])


def batches() -> list[tuple[Tensor, Tensor]]:
    """Return two batches: a class repeats, another is absent."""
    return [
        (random_images(31, 5, 1, 28, 28), torch.tensor([2, 0, 2, 3, 0])),
        (random_images(32, 3, 1, 28, 28), torch.tensor([1, 3, 1])),
    ]


def known_model(student: StudentModule, images: Tensor, scale: float = 1.0) -> nn.Module:
    """Build the student's model and give it known weights, all multiplied by `scale`."""
    model = require_module(student.build_model(), "build_model()").to(images.device).eval()
    model(images)  # a lazy layer has no weights before
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(scale * known_values(parameter.shape))
    return model


def scores_of(model: nn.Module, images: Tensor) -> Tensor:
    """Return what the model gives, if it is one row an image."""
    output = model(images)
    if isinstance(output, Tensor) and output.dim() == 2 and len(output) == len(images):
        return output
    came = f"shape {tuple(output.shape)}" if isinstance(output, Tensor) else type(output).__name__
    raise RejectedError(f"The model gave back {came}; expected a tensor with one row an image.")


@probe("build_model()")
def parameter_shapes(student: StudentModule, images: Tensor) -> dict[str, list[list[int]]]:
    """List the shapes of the parameters, in an order of their own."""
    model = known_model(student, images)
    shapes = [
        sorted((size for size in parameter.shape if size > 1), reverse=True)
        for parameter in model.parameters()
    ]
    return {"parameter shapes": sorted(shapes, reverse=True)}


@probe("build_model()(images)")
def model_output(student: StudentModule, images: Tensor) -> Tensor:
    """Run the model with known weights."""
    try:
        return scores_of(known_model(student, images), images)
    except RuntimeError as error:
        many = images.new_zeros(64, 784)
        if works(lambda: scores_of(known_model(student, many), many)):
            raise RecognisedError("fixed-batch-size") from error
        raise


@probe("build_model()(images)")
def centred_output(student: StudentModule, images: Tensor) -> Tensor:
    """Run the model, and take off what a log-softmax may have added."""
    return centred(scores_of(known_model(student, images), images).float())


@probe("build_model()(images)")
def output_for_large_scores(student: StudentModule, images: Tensor) -> dict[str, bool | Tensor]:
    """Run the model with weights so large that its scores lie thousands apart."""
    output = scores_of(known_model(student, images, scale=1000), images)
    return {"finite": bool(torch.isfinite(output).all()), "output": output}


def centred(output: Tensor) -> Tensor:
    """Remove the mean of each row and column: a log-softmax over either adds only such."""
    return output - output.mean(0) - output.mean(1, keepdim=True) + output.mean()


def scores(
    images: Tensor, between: Callable[[Tensor], Tensor] = torch.relu, bias: float = 1.0
) -> Tensor:
    """Compute the scores of the network that the exercise describes, or of one like it.

    Args:
        images: `(n, 784)`.
        between: what stands between two layers.
        bias: what the biases are multiplied by.
    """
    x = images
    for place, (out_features, in_features) in enumerate(LAYERS):
        x = x if place == 0 else between(x)
        x = x @ known_values((out_features, in_features)).T + bias * known_values((out_features,))
    return x


def shapes_of(*layers: tuple[int, int]) -> list[list[int]]:
    """Return the shapes of linear layers' weights and biases, as the probe orders them."""
    weights = [sorted(layer, reverse=True) for layer in layers]
    return sorted([*weights, *([out_features] for out_features, _ in layers)], reverse=True)


@points(1)
def test_model_has_the_layers_784_128_64_10(student: Student) -> None:
    """The model's layers lead from 784 numbers over 128 and 64 to 10, each with a bias."""
    answer = parameter_shapes(student, torch.zeros(2, 784))
    expect(answer["parameter shapes"]).equals(
        shapes_of(*LAYERS),
        mistakes={
            "no-biases": [[784, 128], [128, 64], [64, 10]],
            "hidden-widths-swapped": shapes_of((64, 784), (128, 64), (10, 128)),
            "one-hidden-layer-missing": shapes_of((128, 784), (10, 128)),
        },
    )


@points(1)
def test_model_takes_any_number_of_images(student: Student) -> None:
    """The model gives ten numbers for each image, however many images there are."""
    for n in (1, 3):
        answer = model_output(student, random_images(n, n, 784))
        output = expect(answer).tensor()
        expect(answer).satisfies(output.shape == (n, 10), "expected ten numbers for each image.")


@points(3)
def test_model_gives_log_probabilities_of_the_classes(student: Student) -> None:
    """The probabilities of one image's ten classes add up to 1."""
    images = random_images(11, 5, 784)
    answer = model_output(student, images)
    output = expect(answer).tensor(shape=(5, 10), dtype=torch.float32)
    # A log-softmax leaves log-probabilities as they are, so this holds for layers of any size.
    expect(answer).equals(
        torch.log_softmax(output, 1),
        mistakes={
            "log-softmax-over-batch": lambda: torch.log_softmax(scores(images), 0),
            "softmax-without-log": lambda: scores(images).softmax(1),
            "scores-not-log-probabilities": lambda: scores(images),
        },
    )


@points(2)
def test_relu_stands_between_the_layers(student: Student) -> None:
    """ReLU stands after the first and the second layer, and nowhere else."""
    expect_each(
        partial(centred_output, student),
        [(random_images(12, 5, 784),), (random_images(13, 4, 784),)],
        right=lambda images: centred(scores(images)),
        mistakes={
            "no-relu-between": lambda images: centred(scores(images, between=lambda x: x)),
            "sigmoid-not-relu": lambda images: centred(scores(images, between=torch.sigmoid)),
            "relu-on-the-scores": lambda images: centred(
                torch.log_softmax(scores(images).relu(), 1)
            ),
            "softmax-without-log": lambda images: centred(scores(images).softmax(1)),
        },
    )


@points(1)
def test_model_stays_finite_for_scores_thousands_apart(student: Student) -> None:
    """The log-probabilities are finite and right where scores lie 1,000 apart."""
    answer = output_for_large_scores(student, random_images(14, 5, 784))
    expect(answer["finite"]).equals(True, mistakes={"log-of-softmax": False})
    output = expect(answer["output"]).tensor(shape=(5, 10))
    lowest = output.min().item()
    expect(answer).satisfies(
        lowest < -1000,
        "scores that lie thousands apart give log-probabilities below -1,000; here none is.",
        "log-of-softmax-plus-a-bit" if -100 < lowest < -1 else None,
    )
    expect(answer["output"]).equals(torch.log_softmax(output, 1))


@probe("build_criterion()(log_probabilities, labels)")
def criterion_value(student: StudentModule, log_probabilities: Tensor, labels: Tensor) -> object:
    """Compute the student's criterion on log-probabilities."""
    criterion = student.build_criterion()
    if isinstance(criterion, type):
        name = criterion.__name__
        raise RejectedError(f"`build_criterion()` gave back the class {name}.", "class-not-object")
    if not callable(criterion):
        raise RejectedError(f"`build_criterion()` gave back {type(criterion).__name__}.")
    try:
        return criterion(log_probabilities, labels)
    except RuntimeError as error:
        if isinstance(criterion, nn.MSELoss):
            raise RecognisedError("squared-error-for-classes") from error
        raise


def negative_log_likelihood(log_probabilities: Tensor, labels: Tensor) -> Tensor:
    """Return what each row costs."""
    return torch.stack([-row[label] for row, label in zip(log_probabilities, labels, strict=True)])


@points(2)
def test_criterion_is_the_mean_negative_log_likelihood(student: Student) -> None:
    """The criterion takes minus the log-probability of the true class, averaged over the batch."""
    expect_each(
        partial(criterion_value, student),
        [
            (random_log_probabilities(21, 5, 4, torch.float32), torch.tensor([2, 0, 2, 3, 0])),
            (random_log_probabilities(22, 3, 6, torch.float32), torch.tensor([5, 1, 5])),
        ],
        right=lambda lp, labels: negative_log_likelihood(lp, labels).mean(),
        mistakes={
            "loss-summed-over-batch": lambda lp, y: negative_log_likelihood(lp, y).sum(),
            "loss-of-each-image": negative_log_likelihood,
            "minus-sign-missing": lambda lp, y: -negative_log_likelihood(lp, y).mean(),
            "mean-over-all-cells": lambda lp, y: negative_log_likelihood(lp, y).sum() / lp.numel(),
        },
    )


class Recorder(nn.Module):
    """Passes its arguments on and remembers them, as a model or a criterion.

    Attributes:
        seen: the arguments of the last call.
    """

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.seen: tuple[object, ...] = ()

    def forward(self, *args: object) -> object:
        """Remember the arguments and call what is inside."""
        self.seen = args
        return self.inner(*args)


@probe("batch_loss(model, criterion, images, labels)")
def loss_of_batch(student: StudentModule, images: Tensor, labels: Tensor) -> object:
    """Compute the loss of a batch with a small network."""
    model, criterion = Recorder(small_network().to(images.device)), Recorder(nn.NLLLoss())
    try:
        return student.batch_loss(model, criterion, images, labels)
    except (RuntimeError, ValueError, IndexError) as error:
        mistake = misuse(model.seen, criterion.seen, images)
        many = (images.new_zeros(64, 1, 28, 28), labels.new_zeros(64))
        if not mistake and works(lambda: student.batch_loss(model, criterion, *many)):
            mistake = "fixed-batch-size"
        if mistake:
            raise RecognisedError(mistake) from error
        raise


def misuse(model_saw: Sequence[object], criterion_saw: Sequence[object], images: Tensor) -> str:
    """Say which mistake an exception came from, by what model and criterion were given."""
    first = criterion_saw[0] if criterion_saw else None
    if isinstance(first, Tensor) and not first.is_floating_point():
        return "criterion-arguments-swapped"
    given = model_saw[0] if model_saw else None
    if isinstance(given, Tensor) and given.shape == images.shape:
        return "images-not-flattened"
    if isinstance(given, Tensor) and given.shape == (images.numel(),):
        return "batch-flattened-too"
    labels = criterion_saw[1] if len(criterion_saw) > 1 else None
    return misuse_of_labels(labels) if isinstance(labels, Tensor) else ""


def misuse_of_labels(labels: Tensor) -> str:
    """Say what is wrong with the labels that a criterion was given."""
    if labels.dim() == 2:
        return "labels-as-a-column" if labels.shape[1] == 1 else "labels-as-one-hot"
    return "" if labels.dtype == torch.int64 else "labels-not-whole-numbers"


@probe("batch_loss(model, criterion, images, labels).backward()")
def parameters_reached(student: StudentModule, images: Tensor, labels: Tensor) -> list[str]:
    """Go back from the loss of a batch, and list the parameters that have a gradient then."""
    model = small_network().to(images.device)
    loss = student.batch_loss(model, nn.NLLLoss(), images, labels)
    if any(parameter.grad is not None for parameter in model.parameters()):
        sentence = "The gradients are there already: backward() was called inside."
        raise RejectedError(sentence, "backward-inside-batch-loss")
    torch.autograd.backward(require_graph(loss))
    return [name for name, parameter in model.named_parameters() if parameter.grad is not None]


def require_graph(loss: object) -> Tensor:
    """Return a loss that `backward()` can start from."""
    if isinstance(loss, float) or (isinstance(loss, Tensor) and not loss.requires_grad):
        sentence = "The loss came back without its graph, so there is no way back to the weights."
        raise RejectedError(sentence, "loss-without-graph")
    if isinstance(loss, Tensor) and loss.numel() == 1:
        return loss
    raise RejectedError("What came back is not a loss that `backward()` can start from.")


def reference_output(images: Tensor) -> Tensor:
    """Return what the small network gives for a batch of pictures."""
    return small_network()(images.flatten(1)).detach()  # type: ignore[no-any-return]


def mixed_output(images: Tensor) -> Tensor:
    """Return it for pictures whose pixels were dealt out among each other."""
    return small_network()(images.reshape(784, -1).T).detach()  # type: ignore[no-any-return]


@points(2)
def test_batch_loss_flattens_each_image_and_asks_the_criterion(student: Student) -> None:
    """The loss of a batch is the criterion on the model's output for the flattened images."""
    expect_each(
        partial(loss_of_batch, student),
        batches(),
        right=lambda images, labels: F.nll_loss(reference_output(images), labels),
        mistakes={
            "pixels-of-images-mixed": lambda x, y: F.nll_loss(mixed_output(x), y),
            "criterion-on-probabilities": lambda x, y: F.nll_loss(reference_output(x).exp(), y),
            "minus-sign-twice": lambda x, y: -F.nll_loss(reference_output(x), y),
            "mean-taken-twice": lambda x, y: F.nll_loss(reference_output(x), y) / len(y),
        },
    )


@points(1)
def test_batch_loss_keeps_the_graph(student: Student) -> None:
    """The loss of a batch carries its graph, so that `backward()` reaches every parameter."""
    images, labels = batches()[0]
    names = [name for name, _ in small_network().named_parameters()]
    expect(parameters_reached(student, images, labels)).equals(
        names, mistakes={"graph-cut-and-flag-set": []}
    )


@points(1)
def test_probabilities_are_exp_of_log_probabilities(student: Student) -> None:
    """Log-probabilities become probabilities, and each row adds up to 1."""
    expect_each(
        student.probabilities,
        [
            (random_log_probabilities(41, 5, 4, torch.float64),),
            (random_log_probabilities(42, 3, 7, torch.float32),),
        ],
        right=torch.exp,
        mistakes={
            "still-log-probabilities": lambda lp: lp,
            "softmax-over-batch": lambda lp: lp.softmax(0),
            "shares-of-the-whole-batch": lambda lp: lp.exp() / lp.exp().sum(),
            "sigmoid-not-exp": torch.sigmoid,
            "minus-before-exp": lambda lp: (-lp).exp(),
            "power-of-two": torch.exp2,
            "shares-of-the-logs": lambda lp: lp / lp.sum(1, keepdim=True),
            "divided-by-sum-of-logs": lambda lp: lp.exp() / lp.sum(1, keepdim=True),
        },
    )


@points(1)
def test_images_and_log_probabilities_stay_as_they_were(student: Student) -> None:
    """`batch_loss` and `probabilities` leave the tensors that they are given as they were."""
    log_probabilities = random_log_probabilities(43, 4, 3, torch.float32)
    images, labels = batches()[1]
    answers = [
        (student.probabilities(log_probabilities), log_probabilities.exp()),
        (loss_of_batch(student, images, labels), F.nll_loss(reference_output(images), labels)),
    ]
    for answer, right in answers:
        expect(answer).equals(right)
        expect(answer).leaves_arguments_alone()
