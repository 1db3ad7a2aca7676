"""Hidden tests of ex10_prediction: one image, the accuracy, the confusion matrix.

Whatever is asked shows in numbers: in training mode, the network's dropout layer always silences
the same units, and one of the networks silences others while a graph is built. Answers are judged
in evaluation mode first, and a mistake that another test charges is looked past, so that each costs
its own test alone. Softmax of log-probabilities is the same as exp of them, so both pass.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.guest.probing import attempt, network
from grader.suite import difference, expect, expect_beside, expect_each, points, probe
from kit.networks import layers, mixed_pixels, tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer, Student

    Tensors = list[torch.Tensor]
    Images = tuple[Tensors, torch.Tensor, torch.Tensor, int]
    Pairs = list[tuple[torch.Tensor, torch.Tensor]]  # log-probabilities and labels of each batch

SILENT = (0, 2, 5)  # the hidden units that dropout silences
SILENT_IN_GRAPHS = (2, 4)  # those that a graph silences

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


class Network(nn.Module):
    """A network with dropout.

    One that minds graphs answers with fewer hidden units while it builds one.
    """

    def __init__(self, weights: Tensors, dim: int = 1, *, minds_graphs: bool = False) -> None:
        super().__init__()
        first, activation, last, _ = network(weights)
        self.hidden = nn.Sequential(first, activation, Silencing(0.5))
        self.scores = nn.Sequential(last, nn.LogSoftmax(dim))
        self.minds_graphs = minds_graphs

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Run the network."""
        hidden = self.hidden(images)
        if self.minds_graphs and hidden.requires_grad:
            heard = torch.ones_like(hidden)
            heard[..., list(SILENT_IN_GRAPHS)] = 0
            hidden = hidden * heard
        log_probabilities: torch.Tensor = self.scores(hidden)
        return log_probabilities


def in_both_modes(ask: Callable[[nn.Module], object], weights: Tensors) -> dict[str, object]:
    """Ask about a network in evaluation mode, and in training mode."""
    answers = [ask(Network(weights).train(training)) for training in (False, True)]
    return {"answer": answers[0], "answer in training mode": answers[1]}


def and_afterwards(
    ask: Callable[[nn.Module], object], weights: Tensors, images: torch.Tensor
) -> dict[str, object]:
    """Ask about a network that minds graphs, in both modes; give what it says afterwards, too."""
    answers, afterwards = [], []
    for training in (False, True):
        model = Network(weights, minds_graphs=True).train(training)
        answers.append(ask(model))
        with torch.no_grad():
            afterwards.append(model(images.reshape(-1, 784)))
    return {"answers": answers, "model(images) afterwards": afterwards}


def predicted(
    student: Any,
    image: torch.Tensor,
    ask: Callable[[Callable[[nn.Module], object]], object],
) -> object:
    """Let the student predict; where that fails, find out why."""

    def with_row(model: nn.Module) -> object:
        return student.predict(model, image.reshape(1, 784))

    def without_batch(model: nn.Module) -> object:
        with mock.patch.object(model.get_submodule("scores.1"), "dim", -1):
            return student.predict(model, image)

    return attempt(
        lambda: ask(lambda model: student.predict(model, image)),
        {
            "images-not-flattened": lambda: ask(with_row),
            "image-without-batch-dimension": lambda: ask(without_batch),
        },
    )


@probe("predict(model, image)")
def prediction(student: Any, weights: Tensors, image: torch.Tensor) -> object:
    """Let the student predict with dropout switched off, and with dropout switched on."""
    return predicted(student, image, partial(in_both_modes, weights=weights))


@probe("predict(model, image)")
def prediction_and_model(student: Any, weights: Tensors, image: torch.Tensor) -> object:
    """Let the student predict, and look at the model afterwards."""
    return predicted(student, image, partial(and_afterwards, weights=weights, images=image))


def ask_about_loader(
    function: Callable[[nn.Module, DataLoader[Any]], object],
    images: torch.Tensor,
    labels: torch.Tensor,
    batch_size: int,
    ask: Callable[[Callable[[nn.Module], object]], object],
) -> object:
    """Let the student's function go through the images in batches; where it fails, say why."""

    def run(data: TensorDataset, size: int = batch_size) -> object:
        return ask(lambda model: function(model, DataLoader(data, batch_size=size)))

    def with_batches_of(size: int) -> object:
        places = torch.arange(2 * size) % len(labels)
        return run(TensorDataset(images[places], labels[places]), size)

    def with_mean_of_booleans() -> object:
        mean = torch.Tensor.mean

        def mean_of_numbers(tensor: torch.Tensor, *args: Any, **named: Any) -> torch.Tensor:
            return mean(tensor.to(images.dtype), *args, **named)

        with mock.patch.object(torch.Tensor, "mean", mean_of_numbers):
            return run(TensorDataset(images, labels))

    return attempt(
        lambda: run(TensorDataset(images, labels)),
        {
            "images-not-flattened": lambda: run(TensorDataset(images.flatten(start_dim=1), labels)),
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
    ask = partial(in_both_modes, weights=weights)
    return ask_about_loader(student.accuracy, images, labels, batch_size, ask)


@probe("confusion_matrix(model, loader)")
def confusion(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student count the confusions."""
    ask = partial(in_both_modes, weights=weights)
    return ask_about_loader(student.confusion_matrix, images, labels, batch_size, ask)


@probe("accuracy(model, loader)")
def accuracy_and_model(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student find the accuracy, and look at the model afterwards."""
    ask = partial(and_afterwards, weights=weights, images=images)
    return ask_about_loader(student.accuracy, images, labels, batch_size, ask)


@probe("confusion_matrix(model, loader)")
def confusion_and_model(
    student: Any, weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
) -> object:
    """Let the student count the confusions, and look at the model afterwards."""
    ask = partial(and_afterwards, weights=weights, images=images)
    return ask_about_loader(student.confusion_matrix, images, labels, batch_size, ask)


# The data: nobody is, or is taken for, a nine; some confusions repeat in a batch.


def network_weights(seed: int) -> Tensors:
    """Draw the weights of a network that makes up its mind, and never for class 9."""
    first, first_bias, last, last_bias = layers(seed, 784, 6, 10)
    last_bias[9] -= 20
    return [first, first_bias, 4 * last, last_bias]


def log_probabilities(
    weights: Tensors, images: torch.Tensor, *, dropout: bool = False, graph: bool = False
) -> torch.Tensor:
    """Compute what the network gives for rows of 784, with dropout off or on.

    `graph` says whether it minds a graph that is built.
    """
    first, first_bias, last, last_bias = weights
    hidden = torch.relu(images @ first.T + first_bias)
    if dropout:
        hidden = 2 * hidden
        hidden[:, list(SILENT)] = 0
    if graph:
        hidden[:, list(SILENT_IN_GRAPHS)] = 0
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


def sure_case() -> Images:
    """Give a case whose network is sure of each class: its probability is 1, and the log of it 0.

    As many labels are 0 as 1, so that it is no matter which of the two meets them.
    """
    weights, images, _ = labelled_images(2128, 10, [], torch.float64)
    first, first_bias, last, last_bias = weights
    labels = torch.tensor([1, 2, 6, 6, 6, 6, 2, 6, 0, 3])
    return [first, first_bias, 200 * last, 200 * last_bias], images, labels, 4


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
    graph: bool = False,
    flatten: Callable[[torch.Tensor], torch.Tensor] = rows_of,
) -> Callable[..., object]:
    """Let a function of the batches' log-probabilities and labels take the arguments of a case."""

    def from_case(
        weights: Tensors, images: torch.Tensor, labels: torch.Tensor, batch_size: int
    ) -> object:
        doubled = [weight.double() for weight in weights]
        parts = torch.split(images.double(), batch_size)
        answers = [
            log_probabilities(doubled, flatten(part), dropout=dropout, graph=graph)
            for part in parts
        ]
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
    "probabilities-compared-with-labels": lambda pairs: (
        sum(int((answers.amax(dim=1).exp() == labels).sum()) for answers, labels in pairs)
        / images_in(pairs)
    ),
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


def of_probabilities(
    give: Callable[[torch.Tensor], object], *, dropout: bool = False, graph: bool = False
) -> Callable[..., object]:
    """Let a function of one image's probabilities take the arguments of a case."""

    def from_case(weights: Tensors, image: torch.Tensor) -> object:
        row = image.reshape(1, 784)
        return give(log_probabilities(weights, row, dropout=dropout, graph=graph)[0].exp())

    return from_case


def as_they_are(row: torch.Tensor) -> torch.Tensor:
    """Give the probabilities."""
    return row


PREDICTION_MISTAKES: Mapping[str, Callable[[torch.Tensor], object]] = {
    "still-log-probabilities": torch.log,
    "batch-dimension-kept": lambda row: row[None],
    "softmax-of-probabilities": lambda row: row.softmax(dim=0),
    "exp-of-probabilities": torch.exp,
    "sigmoid-not-exp": lambda row: row.log().sigmoid(),
    "class-not-probabilities": torch.argmax,
    "largest-probability-only": torch.max,
}


# The tests.


def right_or_charged_elsewhere(
    cases: Sequence[Any],
    see: Callable[..., Callable[..., object]],
    right: Callable[[Any], object],
    mistakes: Mapping[str, Callable[[Any], object]],
) -> dict[str, Any]:
    """Give what `expect_beside` takes: what is right, and the mistakes of the first test.

    Those that give the same in each case are not among them: such an answer shows nothing else.
    """
    first, second = cases
    past = {slug: see(give) for slug, give in mistakes.items()}
    telling = {slug: way for slug, way in past.items() if difference(way(*first), way(*second))}
    return {"cases": cases, "right": see(right), "past": telling}


def leaves_model_alone(
    ask: Callable[..., Answer],
    look: Callable[..., Answer],
    cases: Sequence[Any],
    see: Callable[..., Callable[..., object]],
    right: Callable[[Any], object],
    mistakes: Mapping[str, Callable[[Any], object]],
) -> None:
    """Require right answers of a model that minds graphs, and that it stays in its mode.

    What is wrong with a model that minds none is no matter of graphs.

    Args:
        ask: a probe that asks in both modes.
        look: a probe that asks one that minds graphs, and runs it afterwards.
        cases: the arguments of each call.
        see: makes a function of a case of one of what the model gives.
        right: what is right, as such a function.
        mistakes: those of the first test of the same answers.
    """
    elsewhere = right_or_charged_elsewhere(cases, see, right, mistakes)
    expect_beside(lambda *case: ask(*case)["answer"], **elsewhere)
    answers = [look(*case) for case in cases]

    def both(
        give: Callable[[Any], object], *, dropout: bool = False, graph: bool = False
    ) -> Callable[..., object]:
        ways = [see(give, graph=graph), see(give, graph=graph, dropout=dropout)]
        return lambda *case: [way(*case) for way in ways]

    def fits(way: Callable[..., object]) -> bool:
        pairs = zip(answers, cases, strict=True)
        return not any(difference(answer["answers"].value, way(*case)) for answer, case in pairs)

    def afterwards(*modes: bool) -> Callable[..., object]:
        return lambda weights, images, *_: [
            log_probabilities(weights, images.reshape(-1, 784), dropout=mode) for mode in modes
        ]

    graphs = [both(right, graph=True), both(right, graph=True, dropout=True)]
    known = right_or_charged_elsewhere(cases, both, right, mistakes)
    known["past"]["dropout-left-on"] = both(right, dropout=True)
    remaining = iter(answers)
    expect_beside(
        lambda *_: next(remaining)["answers"],
        **known,
        mistakes={"graph-built": next(filter(fits, graphs), graphs[0])},
    )
    remaining = iter(answers)
    expect_each(
        lambda *_: next(remaining)["model(images) afterwards"],
        cases,
        right=afterwards(False, True),
        mistakes={
            "left-in-evaluation-mode": afterwards(False, False),
            "left-in-training-mode": afterwards(True, True),
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
        right=of_probabilities(as_they_are),
        mistakes={
            **{slug: of_probabilities(give) for slug, give in PREDICTION_MISTAKES.items()},
            "each-class-a-one": of_probabilities(torch.ones_like),
        },
    )
    for answer in answers:
        expect(answer).leaves_arguments_alone()


@points(1)
def test_prediction_is_made_without_dropout(student: Student) -> None:
    """Dropout is off while the model predicts, also if the model comes in training mode."""
    expect_beside(
        lambda *case: prediction(student, *case)["answer in training mode"],
        **right_or_charged_elsewhere(
            image_cases(), of_probabilities, as_they_are, PREDICTION_MISTAKES
        ),
        mistakes={"dropout-left-on": of_probabilities(as_they_are, dropout=True)},
    )


@points(1)
def test_prediction_leaves_the_model_alone(student: Student) -> None:
    """A prediction builds no graph and leaves the model in the mode it was in."""
    probes = partial(prediction, student), partial(prediction_and_model, student)
    leaves_model_alone(*probes, image_cases(), of_probabilities, as_they_are, PREDICTION_MISTAKES)


@points(2)
def test_accuracy_is_the_share_of_all_images(student: Student) -> None:
    """The accuracy is the share of right answers among all images, a Python float."""
    expect_each(
        lambda *case: accuracy(student, *case)["answer"],
        [*loader_cases(), sure_case()],
        right=of_batches(share),
        mistakes={
            **{slug: of_batches(mistake) for slug, mistake in ACCURACY_MISTAKES.items()},
            "pixels-of-images-mixed": of_batches(share, flatten=mixed_pixels),
        },
    )


@points(1)
def test_accuracy_is_found_without_dropout(student: Student) -> None:
    """Dropout is off while the accuracy is found, also if the model comes in training mode."""
    expect_beside(
        lambda *case: accuracy(student, *case)["answer in training mode"],
        **right_or_charged_elsewhere(loader_cases(), of_batches, share, ACCURACY_MISTAKES),
        mistakes={"dropout-left-on": of_batches(share, dropout=True)},
    )


@points(1)
def test_accuracy_leaves_the_model_alone(student: Student) -> None:
    """Finding the accuracy builds no graph and leaves the model in the mode it was in."""
    probes = partial(accuracy, student), partial(accuracy_and_model, student)
    leaves_model_alone(*probes, loader_cases(), of_batches, share, ACCURACY_MISTAKES)


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
    expect_beside(
        lambda *case: confusion(student, *case)["answer in training mode"],
        **right_or_charged_elsewhere(loader_cases(), of_batches, confusions, CONFUSION_MISTAKES),
        mistakes={"dropout-left-on": of_batches(confusions, dropout=True)},
    )


@points(1)
def test_counting_confusions_leaves_the_model_alone(student: Student) -> None:
    """Counting confusions builds no graph and leaves the model in the mode it was in."""
    probes = partial(confusion, student), partial(confusion_and_model, student)
    leaves_model_alone(*probes, loader_cases(), of_batches, confusions, CONFUSION_MISTAKES)
