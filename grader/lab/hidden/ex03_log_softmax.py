"""Hidden tests of ex03: a model of log-probabilities, its criterion, and the loss of a batch."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from beside.repairs import of_size, only_64
from grader.guest.probing import (
    RecognisedError,
    RejectedError,
    network,
    values_by_shape,
    works,
)
from grader.suite import (
    difference,
    expect,
    expect_beside,
    expect_each,
    points,
    probe,
)
from kit.classifier import HEADS, Classifier, by_class
from kit.log_softmax.judging import (
    MISTAKEN_PROBABILITIES,
    is_a_new_model,
    output_of,
    relu_stands_between,
    stays_right_far_apart,
)
from kit.log_softmax.probes import ScaledLoss, criterion_value, model_output, scaled
from kit.networks import mixed_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Student, StudentModule

    Step = Callable[[Tensor], Tensor]
    Loss = Callable[[Tensor, Tensor], Tensor]

# Where a test asks for something else than the size of a batch, batches have the lab's usual size:
# what is made for that size alone has lost another test by it.
BATCH = 64


def random_images(seed: int, *shape: int) -> Tensor:
    """Return images with pixels of both signs, as normalised digits have."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def random_log_probabilities(seed: int, n: int, classes: int, dtype: torch.dtype) -> Tensor:
    """Return rows of log-probabilities that are far from even."""
    generator = torch.Generator().manual_seed(seed)
    return torch.log_softmax(3 * torch.randn(n, classes, dtype=dtype, generator=generator), 1)


def small_network() -> nn.Sequential:
    """Build a network for four classes that stands in for the model."""
    return network([values_by_shape(shape) for shape in ((6, 784), (6,), (4, 6), (4,))])


def batches() -> list[tuple[Tensor, Tensor]]:
    """Return two batches: a class repeats, another is absent."""
    return [
        (random_images(31, 5, 1, 28, 28), torch.tensor([2, 0, 2, 3, 0])),
        (random_images(32, 3, 1, 28, 28), torch.tensor([1, 3, 1])),
    ]


def usual_batch(seed: int) -> tuple[Tensor, Tensor]:
    """Return a batch of the lab's usual size, without the last class."""
    return random_images(seed, BATCH, 1, 28, 28), torch.arange(BATCH) % 3


def shapes_of(*layers: tuple[int, int]) -> list[list[int]]:
    """Return the shapes of linear layers' weights and biases, as the probe orders them."""
    weights = [sorted(layer, reverse=True) for layer in layers]
    return sorted([*weights, *([out_features] for out_features, _ in layers)], reverse=True)


@points(1)
def test_model_has_the_layers_784_128_64_10(student: Student) -> None:
    """build_model: linear layers 784 to 128 to 64 to 10, each with a bias."""
    images = random_images(10, BATCH, 784)
    output, shapes = output_of(student, images)
    shapes_of_mistakes = {
        "no-biases": [[784, 128], [128, 64], [64, 10]],
        "hidden-widths-swapped": shapes_of((64, 784), (128, 64), (10, 128)),
        "one-hidden-layer-missing": shapes_of((128, 784), (10, 128)),
    }
    came = shapes.value
    known = [slug for slug, given in shapes_of_mistakes.items() if not difference(came, given)]
    expect(output).satisfies(
        not difference(came, shapes_of(*Classifier().layers)),
        "its parameters have other shapes than linear layers 784 to 128 to 64 to 10 with biases.",
        next(iter(known), None),
    )
    past = Classifier().others(heads=[by_class, *HEADS.values()])
    between = "The layers have the right sizes: look at what comes between and after them."
    expect_beside(
        lambda _: output, [(images,)], right=Classifier(), past=past, explain=lambda *_: between
    )
    is_a_new_model(student, images)


@points(1)
def test_model_takes_any_number_of_images(student: Student) -> None:
    """build_model: ten numbers per image, for any number of images."""
    for n in (1, 3):
        images = random_images(n, n, 784)
        output, shapes = output_of(student, images)
        numbers = expect(output).tensor()
        sentence = f"the output has shape {tuple(numbers.shape)}; expected {(n, 10)}."
        expect(output).satisfies(numbers.shape == (n, 10), sentence)
        right = Classifier().with_layers_of(shapes.value)
        past = right.others(heads=[by_class, *HEADS.values()])
        expect_beside(lambda _, output=output: output, [(images,)], right, past)


@points(3)
def test_model_gives_log_probabilities_of_the_classes(student: Student) -> None:
    """build_model: the probabilities of each image add up to 1 over its ten classes."""
    images = random_images(11, BATCH, 784)
    answer = model_output(student, images, 1.0)
    output, shapes = answer["the output"], answer["shapes"]
    expect(output).satisfies(
        answer["alike"].value is True,
        "the same images get different outputs when the model is called again.",
        "answers-change-by-chance",
    )
    right = Classifier().with_layers_of(shapes.value)
    past = right.others() | {"on top": replace(right, head=HEADS["relu-on-the-scores"])}
    mistakes = {
        slug: replace(right, head=head)
        for slug, head in (*HEADS.items(), ("log-sigmoid-for-each-class", F.logsigmoid))
        if slug != "relu-on-the-scores"
    }
    expect_beside(lambda _: output, [(images,)], right, past, mistakes)


@points(2)
def test_relu_stands_between_the_layers(student: Student) -> None:
    """build_model: ReLU after the first and the second layer, and nowhere else."""
    relu_stands_between(student, random_images(12, BATCH, 784))


@points(1)
def test_model_stays_finite_for_scores_thousands_apart(student: Student) -> None:
    """build_model: finite and right, even when two scores differ by 1,000."""
    stays_right_far_apart(student, random_images(14, BATCH, 784))


def negative_log_likelihood(log_probabilities: Tensor, labels: Tensor) -> Tensor:
    """Return what each row costs."""
    return torch.stack([-row[label] for row, label in zip(log_probabilities, labels, strict=True)])


@points(2)
def test_criterion_is_the_mean_negative_log_likelihood(student: Student) -> None:
    """build_criterion: the mean of -log p(true class) over the batch."""
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
    model = Recorder(small_network().to(images.device))
    criterion = Recorder(ScaledLoss())
    try:
        return student.batch_loss(model, criterion, images, labels)
    except (RuntimeError, ValueError, IndexError) as error:
        mistake = misuse(model.seen, criterion.seen, images, labels)
        if not mistake and works(
            lambda: only_64(
                lambda size: student.batch_loss(model, criterion, *of_size(size, images, labels))
            )
        ):
            mistake = "fixed-batch-size"
        if mistake:
            raise RecognisedError(mistake) from error
        raise


def misuse(
    model_saw: Sequence[object], criterion_saw: Sequence[object], images: Tensor, labels: Tensor
) -> str:
    """Say which mistake an exception came from, by what model and criterion were given."""
    first = criterion_saw[0] if criterion_saw else None
    if isinstance(first, Tensor) and torch.equal(first, labels):
        return "criterion-arguments-swapped"
    given = model_saw[0] if model_saw else None
    if isinstance(given, Tensor) and given.shape == images.shape:
        return "images-not-flattened"
    if isinstance(given, Tensor) and given.shape == (images.numel(),):
        return "batch-flattened-too"
    second = criterion_saw[1] if len(criterion_saw) > 1 else None
    return misuse_of_labels(second) if isinstance(second, Tensor) else ""


def misuse_of_labels(labels: Tensor) -> str:
    """Say what is wrong with the labels that a criterion was given."""
    if labels.dim() == 2:
        return "labels-as-a-column" if labels.shape[1] == 1 else "labels-as-one-hot"
    return "" if labels.dtype == torch.int64 else "labels-not-whole-numbers"


@probe("batch_loss(model, criterion, images, labels)")
def loss_of_usual_batch(student: StudentModule, images: Tensor, labels: Tensor) -> object:
    """Compute the loss of a batch with a network that flattens images itself."""
    model = nn.Sequential(nn.Flatten(), small_network().to(images.device))
    return student.batch_loss(model, ScaledLoss(), images, labels)


REACHED = "the gradients"


@probe("batch_loss(model, criterion, images, labels).backward()")
def gradients_reached(
    student: StudentModule, images: Tensor, labels: Tensor
) -> dict[str, dict[str, Tensor | None]]:
    """Go back from the loss of a batch, and give each parameter's gradient."""
    model = small_network().to(images.device)
    loss = student.batch_loss(nn.Sequential(nn.Flatten(), model), ScaledLoss(), images, labels)
    if any(parameter.grad is not None for parameter in model.parameters()):
        sentence = "The gradients are there already: backward() was called inside."
        raise RejectedError(sentence, "backward-inside-batch-loss")
    torch.autograd.backward(require_graph(loss))
    return {REACHED: {name: parameter.grad for name, parameter in model.named_parameters()}}


def require_graph(loss: object) -> Tensor:
    """Return a loss that `backward()` can start from."""
    if isinstance(loss, float) or (isinstance(loss, Tensor) and not loss.requires_grad):
        sentence = "The loss has no graph, so backward() can't reach the weights."
        raise RejectedError(sentence, "loss-without-graph")
    if isinstance(loss, Tensor) and loss.numel() == 1:
        return loss
    raise RejectedError("The returned value is not a loss that `backward()` can start from.")


def rows_of(images: Tensor) -> Tensor:
    """Return each image as a row."""
    return images.flatten(1)


def loss_by(measure: Loss = scaled, flatten: Step = rows_of) -> Callable[[Tensor, Tensor], Tensor]:
    """Return what computes the loss of a batch from the small network's output."""
    return lambda images, labels: measure(small_network()(flatten(images)), labels).detach()


def gradients_by(
    measure: Loss = scaled, flatten: Step = rows_of
) -> Callable[[Tensor, Tensor], dict[str, Tensor]]:
    """Return what computes the gradients of such a loss."""

    def gradients(images: Tensor, labels: Tensor) -> dict[str, Tensor]:
        names, parameters = zip(*(model := small_network()).named_parameters(), strict=True)
        with torch.enable_grad():  # in a local run the student's code may have switched it off
            found = torch.autograd.grad(measure(model(flatten(images)), labels), parameters)
        return dict(zip(names, found, strict=True))

    return gradients


MISTAKEN_LOSSES: dict[str, Loss] = {
    "criterion-on-probabilities": lambda output, y: scaled(output.exp(), y),
    "minus-sign-twice": lambda output, y: -scaled(output, y),
    "mean-taken-twice": lambda output, y: scaled(output, y) / len(y),
    "criterion-ignored": F.nll_loss,
}


def mistaken(compute: Callable[..., Callable[..., object]]) -> dict[str, Callable[..., object]]:
    """Return what each mistake gives, in the place of `loss_by` or `gradients_by`."""
    return {
        "pixels-of-images-mixed": compute(flatten=mixed_pixels),
        **{slug: compute(measure) for slug, measure in MISTAKEN_LOSSES.items()},
    }


@points(2)
def test_batch_loss_flattens_each_image_and_asks_the_criterion(student: Student) -> None:
    """batch_loss: applies the criterion to the model's output for the flattened images."""
    expect_each(
        partial(loss_of_batch, student), batches(), right=loss_by(), mistakes=mistaken(loss_by)
    )


@points(1)
def test_batch_loss_keeps_the_graph(student: Student) -> None:
    """batch_loss: backward() on the loss reaches every parameter."""
    expect_beside(
        lambda *batch: gradients_reached(student, *batch)[REACHED],
        [usual_batch(33)],
        right=gradients_by(),
        past=mistaken(gradients_by),
        mistakes={
            "graph-cut-and-flag-set": lambda *_: dict.fromkeys(
                dict(small_network().named_parameters())
            )
        },
    )


@points(1)
def test_probabilities_are_exp_of_log_probabilities(student: Student) -> None:
    """probabilities: turns log-probabilities into probabilities; each row adds up to 1."""
    expect_each(
        student.probabilities,
        [
            (random_log_probabilities(41, 5, 4, torch.float64),),
            (random_log_probabilities(42, 3, 7, torch.float32),),
        ],
        right=torch.exp,
        mistakes={**MISTAKEN_PROBABILITIES, "power-of-ten": lambda lp: 10**lp},
    )


@points(1)
def test_images_and_log_probabilities_stay_as_they_were(student: Student) -> None:
    """batch_loss, probabilities: do not modify their arguments."""
    logs, batch = (random_log_probabilities(43, 4, 3, torch.float32),), usual_batch(34)
    shares, loss = student.probabilities(*logs), loss_of_usual_batch(student, *batch)
    expect_beside(lambda _: shares, [logs], right=torch.exp, past=MISTAKEN_PROBABILITIES)
    expect_beside(lambda *_: loss, [batch], right=loss_by(), past=mistaken(loss_by))
    for answer in (shares, loss):
        expect(answer).leaves_arguments_alone()
