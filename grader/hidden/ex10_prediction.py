"""Hidden tests of ex10_prediction: one image, the accuracy, the confusion matrix.

Dropout shows in the numbers: in training mode, the network's dropout layer always silences the same
units. Answers are judged in evaluation mode first, so that a forgotten switch costs its own test
alone. Softmax of log-probabilities is the same as exp of them, so both pass.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import attempt, network
from grader.judge.expect import expect, expect_each
from grader.judge.networks import layers, mixed_pixels, tensors
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.judge.student import Answer, Student

    Tensors = list[torch.Tensor]
    Images = tuple[Tensors, torch.Tensor, torch.Tensor, int]
    Pairs = list[tuple[torch.Tensor, torch.Tensor]]  # log-probabilities and labels of each batch

SILENT = (0, 2, 5)  # the hidden units that dropout silences

# The network, and the probes that ask about it.


class Silencing(nn.Dropout):
    """Dropout whose dice always fall the same way."""

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Silence some units and make the others louder, if dropout is on."""
        if not self.training or not self.p:
            return hidden
        loudness = torch.full_like(hidden, 1 / (1 - self.p))
        loudness[..., list(SILENT)] = 0
        return hidden * loudness


class Notes(list[bool]):
    """A list that copies of a model share with it."""

    def __deepcopy__(self, memo: object) -> Notes:
        """Give this very list."""
        del memo
        return self


class WatchedNetwork(nn.Module):
    """A network with dropout that notes, each time that it runs, whether it builds a graph."""

    def __init__(self, weights: Tensors, dim: int = 1) -> None:
        super().__init__()
        first, activation, last, _ = network(weights)
        self.layers = nn.Sequential(first, activation, Silencing(0.5), last, nn.LogSoftmax(dim))
        self.graphs = Notes()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        log_probabilities: torch.Tensor = self.layers(images)
        self.graphs.append(log_probabilities.requires_grad)
        return log_probabilities


def answers_in_both_modes(
    weights: Tensors, ask: Callable[[WatchedNetwork], object]
) -> dict[str, object]:
    """Ask about a network in evaluation mode and in training mode; say what became of it."""
    answers, modes, graphs = [], [], []
    for training in (False, True):
        model = WatchedNetwork(weights).train(training)
        answers.append(ask(model))
        modes.append(model.training)
        graphs.append(any(model.graphs) if model.graphs else None)
    return {
        "answer": answers[0],
        "answer in training mode": answers[1],
        "modes afterwards": modes,
        "graphs": graphs,
    }


@probe("predict(model, image)")
def prediction(student: Any, weights: Tensors, image: torch.Tensor) -> object:
    """Let the student predict."""
    row = image.reshape(1, 784)
    return attempt(
        lambda: answers_in_both_modes(weights, lambda model: student.predict(model, image)),
        {
            "images-not-flattened": lambda: student.predict(WatchedNetwork(weights), row),
            "image-without-batch-dimension": lambda: student.predict(
                WatchedNetwork(weights, dim=-1), image
            ),
        },
    )


def ask_about_loader(
    function: Callable[[nn.Module, DataLoader[Any]], object],
    weights: Tensors,
    images: torch.Tensor,
    labels: torch.Tensor,
    batch_size: int,
) -> object:
    """Let the student's function go through the images in batches."""

    def loader(size: int = batch_size) -> DataLoader[Any]:
        return DataLoader(TensorDataset(images, labels), batch_size=size)

    def with_batches_of(size: int) -> object:
        many = [column[torch.arange(2 * size) % len(labels)] for column in (images, labels)]
        even = DataLoader(TensorDataset(*many), batch_size=size)
        return function(WatchedNetwork(weights), even)

    def with_rows() -> object:
        rows = TensorDataset(images.flatten(start_dim=1), labels)
        return function(WatchedNetwork(weights), DataLoader(rows, batch_size=batch_size))

    def with_mean_of_booleans() -> object:
        mean = torch.Tensor.mean

        def mean_of_numbers(tensor: torch.Tensor, *args: Any, **named: Any) -> torch.Tensor:
            return mean(tensor.to(images.dtype), *args, **named)

        with mock.patch.object(torch.Tensor, "mean", mean_of_numbers):
            return function(WatchedNetwork(weights), loader())

    return attempt(
        lambda: answers_in_both_modes(weights, lambda model: function(model, loader())),
        {
            "images-not-flattened": with_rows,
            "mean-of-true-and-false": with_mean_of_booleans,
            "batch-of-one-squeezed": partial(with_batches_of, 2),
            "argmax-over-batch": partial(with_batches_of, 10),
            "fixed-batch-size": partial(with_batches_of, 64),
        },
    )


@probe("accuracy(model, loader)")
def accuracy(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student find the accuracy."""
    return ask_about_loader(student.accuracy, weights, images, labels, batch_size)


@probe("confusion_matrix(model, loader)")
def confusion(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student count the confusions."""
    return ask_about_loader(student.confusion_matrix, weights, images, labels, batch_size)


# The data: nobody is, or is taken for, a nine; some confusions repeat in a batch.


def network_weights(seed: int) -> Tensors:
    """Draw the weights of a network that makes up its mind, and never for class 9."""
    first, first_bias, last, last_bias = layers(seed, 784, 6, 10)
    last_bias[9] -= 20
    return [first, first_bias, 4 * last, last_bias]


def log_probabilities(
    weights: Tensors, images: torch.Tensor, *, dropout: bool = False
) -> torch.Tensor:
    """Compute what the network gives for rows of 784, with dropout off or on."""
    first, first_bias, last, last_bias = weights
    hidden = torch.relu(images @ first.T + first_bias)
    if dropout:
        hidden = 2 * hidden
        hidden[:, list(SILENT)] = 0
    return torch.log_softmax(hidden @ last.T + last_bias, dim=1)


def image_cases() -> list[tuple[Tensors, torch.Tensor]]:
    """Give weights and one image, twice, in two precisions."""
    cases: list[tuple[Tensors, torch.Tensor]] = []
    for seed, dtype in ((71, torch.float64), (72, torch.float32)):
        (image,) = tensors(seed + 100, (1, 28, 28))
        cases.append(([weight.to(dtype) for weight in network_weights(seed)], image.to(dtype)))
    return cases


def rows_of(images: torch.Tensor) -> torch.Tensor:
    """Make a row of each image."""
    return images.flatten(start_dim=1)


def labelled_images(
    seed: int, n: int, wrong: list[int], dtype: torch.dtype
) -> tuple[Tensors, torch.Tensor, torch.Tensor]:
    """Give weights, images and labels; the network is wrong about the images at some places."""
    weights, (images,) = network_weights(seed), tensors(seed + 100, (n, 1, 28, 28))
    labels = log_probabilities(weights, rows_of(images)).argmax(dim=1)
    labels[wrong] = (labels[wrong] + 4) % 9
    return [weight.to(dtype) for weight in weights], images.to(dtype), labels


def loader_cases() -> list[Images]:
    """Give weights, images, labels and a batch size, twice, in two precisions."""
    # seeds for which no two classes come close, and no two mistakes give the same number
    return [
        (*labelled_images(1171, 9, [1, 2, 3, 5], torch.float64), 4),
        (*labelled_images(788, 12, [3, 4, 8, 9], torch.float32), 5),
    ]


# What is right, and what mistakes give.


def of_batches(
    give: Callable[[Pairs], object],
    *,
    dropout: bool = False,
    flatten: Callable[[torch.Tensor], torch.Tensor] = rows_of,
) -> Callable[..., object]:
    """Let a function of the batches' log-probabilities and labels take the arguments of a case."""

    def from_case(
        weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
    ) -> object:
        doubled = [weight.double() for weight in weights]
        parts = torch.split(images.double(), batch_size)
        answers = [log_probabilities(doubled, flatten(part), dropout=dropout) for part in parts]
        return give(list(zip(answers, torch.split(labels, batch_size), strict=True)))

    return from_case


def share(pairs: Pairs) -> float:
    """Give the share of right answers."""
    return right_answers(pairs) / images_in(pairs)


def right_answers(pairs: Pairs) -> int:
    """Count the right answers."""
    return sum(int((answers.argmax(dim=1) == labels).sum()) for answers, labels in pairs)


def images_in(pairs: Pairs) -> int:
    """Count the images."""
    return sum(len(labels) for _, labels in pairs)


def comparisons(pairs: Pairs) -> list[torch.Tensor]:
    """Give for each batch the table of every guess against every label."""
    return [answers.argmax(dim=1, keepdim=True) == labels for answers, labels in pairs]


ACCURACY_MISTAKES: Mapping[str, Callable[[Pairs], object]] = {
    "batches-averaged": lambda pairs: sum(share([pair]) for pair in pairs) / len(pairs),
    "divided-by-batches": lambda pairs: right_answers(pairs) / len(pairs),
    "full-batches-assumed": lambda pairs: right_answers(pairs) / (len(pairs) * len(pairs[0][1])),
    "right-answers-counted": lambda pairs: float(right_answers(pairs)),
    "percent-not-share": lambda pairs: 100 * share(pairs),
    "last-batch-only": lambda pairs: share(pairs[-1:]),
    "first-batch-only": lambda pairs: share(pairs[:1]),
    "share-of-wrong-answers": lambda pairs: 1 - share(pairs),
    "every-pair-compared": lambda pairs: (
        sum(table.double().mean().item() for table in comparisons(pairs)) / len(pairs)
    ),
    "every-pair-counted": lambda pairs: (
        sum(int(table.sum()) for table in comparisons(pairs)) / images_in(pairs)
    ),
    "argmax-of-the-whole-batch": lambda pairs: (
        sum(int((answers.argmax() == labels).sum()) for answers, labels in pairs) / images_in(pairs)
    ),
    "probabilities-compared-with-labels": lambda _: 0.0,
    "accuracy-is-a-tensor": lambda pairs: torch.tensor(share(pairs)),
    "nothing-returned": lambda _: None,
}


def counted(rows: Sequence[torch.Tensor], columns: Sequence[torch.Tensor]) -> torch.Tensor:
    """Count the pairs of classes, batch by batch."""
    counts = torch.zeros(10, 10, dtype=torch.int64)
    for row_batch, column_batch in zip(rows, columns, strict=True):
        for row, column in zip(row_batch.tolist(), column_batch.tolist(), strict=False):
            counts[row, column] += 1
    return counts


def confusions(pairs: Pairs) -> torch.Tensor:
    """Count true classes against guesses."""
    return counted([labels for _, labels in pairs], [each.argmax(dim=1) for each, _ in pairs])


def as_large_as_needed(pairs: Pairs) -> torch.Tensor:
    """Give the counts up to the largest class that occurs."""
    counts = confusions(pairs)
    size = int(counts.nonzero().max()) + 1
    return counts[:size, :size]


CONFUSION_MISTAKES: Mapping[str, Callable[[Pairs], object]] = {
    "rows-and-columns-swapped": lambda pairs: confusions(pairs).T,
    "counts-as-floats": lambda pairs: confusions(pairs).float(),
    "shares-not-counts": lambda pairs: confusions(pairs) / images_in(pairs),
    "as-large-as-the-largest-class": as_large_as_needed,
    "repeated-pairs-counted-once": lambda pairs: torch.stack(
        [confusions([pair]).clamp(max=1) for pair in pairs]
    ).sum(dim=0),
    "right-answers-only": lambda pairs: confusions(pairs).diag().diag(),
    "wrong-answers-only": lambda pairs: confusions(pairs) - confusions(pairs).diag().diag(),
    "last-batch-only": lambda pairs: confusions(pairs[-1:]),
    "first-batch-only": lambda pairs: confusions(pairs[:1]),
    "argmax-over-batch": lambda pairs: counted(
        [labels for _, labels in pairs], [each.argmax(dim=0) for each, _ in pairs]
    ),
    "nothing-returned": lambda _: None,
}


def probabilities(weights: Tensors, image: torch.Tensor, *, dropout: bool = False) -> torch.Tensor:
    """Compute the probabilities of one image's classes."""
    return log_probabilities(weights, image.reshape(1, 784), dropout=dropout)[0].exp()


def of_probabilities(give: Callable[[torch.Tensor], object]) -> Callable[..., object]:
    """Let a function of the right probabilities take the arguments of a case."""
    return lambda *case: give(probabilities(*case))


# The tests.


def leaves_model_alone(answer: Answer) -> None:
    """Require that no graph was built, and that the model is in the mode it was in."""
    expect(answer["graphs"]).equals([False, False], mistakes={"graph-built": [True, True]})
    expect(answer["modes afterwards"]).equals(
        [False, True],
        mistakes={
            "left-in-evaluation-mode": [False, False],
            "left-in-training-mode": [True, True],
        },
    )


@points(1)
def test_prediction_is_ten_probabilities(student: Student) -> None:
    """The prediction for an image is its ten probabilities, and the image stays as it was."""
    answers = [prediction(student, *case) for case in image_cases()]
    remaining = iter(answers)
    expect_each(
        lambda *_: next(remaining)["answer"],
        image_cases(),
        right=probabilities,
        mistakes={
            "still-log-probabilities": of_probabilities(torch.log),
            "batch-dimension-kept": of_probabilities(lambda row: row[None]),
            "each-class-a-one": of_probabilities(torch.ones_like),
            "softmax-of-probabilities": of_probabilities(lambda row: row.softmax(dim=0)),
            "exp-of-probabilities": of_probabilities(torch.exp),
            "sigmoid-not-exp": of_probabilities(lambda row: row.log().sigmoid()),
            "class-not-probabilities": of_probabilities(torch.argmax),
            "largest-probability-only": of_probabilities(torch.max),
        },
    )
    for answer in answers:
        expect(answer).leaves_arguments_alone()


@points(1)
def test_prediction_is_made_without_dropout(student: Student) -> None:
    """Dropout is off while the model predicts, also if the model comes in training mode."""
    expect_each(
        lambda *case: prediction(student, *case)["answer in training mode"],
        image_cases(),
        right=probabilities,
        mistakes={"dropout-left-on": partial(probabilities, dropout=True)},
    )


@points(1)
def test_prediction_leaves_the_model_alone(student: Student) -> None:
    """A prediction builds no graph and leaves the model in the mode it was in."""
    leaves_model_alone(prediction(student, *image_cases()[0]))


@points(2)
def test_accuracy_is_the_share_of_all_images(student: Student) -> None:
    """The accuracy is the share of right answers among all images, a Python float."""
    expect_each(
        lambda *case: accuracy(student, *case)["answer"],
        loader_cases(),
        right=of_batches(share),
        mistakes={
            **{slug: of_batches(mistake) for slug, mistake in ACCURACY_MISTAKES.items()},
            "pixels-of-images-mixed": of_batches(share, flatten=mixed_pixels),
        },
    )


@points(1)
def test_accuracy_is_found_without_dropout(student: Student) -> None:
    """Dropout is off while the accuracy is found, also if the model comes in training mode."""
    expect_each(
        lambda *case: accuracy(student, *case)["answer in training mode"],
        loader_cases(),
        right=of_batches(share),
        mistakes={"dropout-left-on": of_batches(share, dropout=True)},
    )


@points(1)
def test_accuracy_leaves_the_model_alone(student: Student) -> None:
    """Finding the accuracy builds no graph and leaves the model in the mode it was in."""
    leaves_model_alone(accuracy(student, *loader_cases()[0]))


@points(1)
def test_confusions_are_counted_by_true_class(student: Student) -> None:
    """Row i and column j count the images of true class i that were taken for class j."""
    expect_each(
        lambda *case: confusion(student, *case)["answer"],
        loader_cases(),
        right=of_batches(confusions),
        mistakes={
            **{slug: of_batches(mistake) for slug, mistake in CONFUSION_MISTAKES.items()},
            "pixels-of-images-mixed": of_batches(confusions, flatten=mixed_pixels),
        },
    )


@points(1)
def test_confusions_are_counted_without_dropout(student: Student) -> None:
    """Dropout is off while confusions are counted, also if the model comes in training mode."""
    expect_each(
        lambda *case: confusion(student, *case)["answer in training mode"],
        loader_cases(),
        right=of_batches(confusions),
        mistakes={"dropout-left-on": of_batches(confusions, dropout=True)},
    )


@points(1)
def test_counting_confusions_leaves_the_model_alone(student: Student) -> None:
    """Counting confusions builds no graph and leaves the model in the mode it was in."""
    leaves_model_alone(confusion(student, *loader_cases()[0]))
