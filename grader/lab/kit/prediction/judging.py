"""What is right, and what known mistakes give, for the hidden tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.suite import difference, expect_beside, expect_each
from kit.modes import only
from kit.networks import layers, tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer

    Tensors = list[torch.Tensor]
    Images = tuple[Tensors, torch.Tensor, torch.Tensor, int]
    Pairs = list[tuple[torch.Tensor, torch.Tensor]]  # log-probabilities and labels of each batch
from kit.prediction.probes import (
    OUTPUTS,
    RESULTS,
    log_probabilities,
)

__all__ = [
    "ACCURACY_MISTAKES",
    "CONFUSION_MISTAKES",
    "PREDICTION_MISTAKES",
    "as_they_are",
    "by_row",
    "confusions",
    "image_cases",
    "leaves_model_alone",
    "loader_cases",
    "of_batches",
    "of_probabilities",
    "right_answers",
    "right_or_charged_elsewhere",
    "share",
    "sure_case",
]


def network_weights(seed: int) -> Tensors:
    """Draw the weights of a network that makes up its mind, and never for class 9."""
    first, first_bias, last, last_bias = layers(seed, 784, 6, 10)
    last_bias[9] -= 20
    return [first, first_bias, 4 * last, last_bias]


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


def by_row(pairs: Pairs) -> torch.Tensor:
    """Give the counts as shares of the images of their true class."""
    counts = confusions(pairs)
    return counts / counts.sum(dim=1, keepdim=True).clamp(min=1)


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
    expect_beside(lambda *case: ask(*case)[RESULTS[False]], **elsewhere)
    answers = [look(*case) for case in cases]
    results = [only(answer, RESULTS.values()) for answer in answers]

    def both(
        give: Callable[[Any], object], *, dropout: bool = False, graph: bool = False
    ) -> Callable[..., object]:
        ways = [see(give, graph=graph), see(give, graph=graph, dropout=dropout)]
        return lambda *case: dict(zip(RESULTS.values(), (way(*case) for way in ways), strict=True))

    def fits(way: Callable[..., object]) -> bool:
        pairs = zip(results, cases, strict=True)
        return not any(difference(result.value, way(*case)) for result, case in pairs)

    def afterwards(*modes: bool) -> Callable[..., object]:
        return lambda weights, images, *_: {
            name: log_probabilities(weights, images.reshape(-1, 784), dropout=mode)
            for name, mode in zip(OUTPUTS.values(), modes, strict=True)
        }

    graphs = [both(right, graph=True), both(right, graph=True, dropout=True)]
    known = right_or_charged_elsewhere(cases, both, right, mistakes)
    known["past"]["dropout-left-on"] = both(right, dropout=True)
    expect_beside(
        results,
        **known,
        mistakes={"graph-built": next(filter(fits, graphs), graphs[0])},
    )
    expect_each(
        [only(answer, OUTPUTS.values()) for answer in answers],
        cases,
        right=afterwards(False, True),
        mistakes={
            "left-in-evaluation-mode": afterwards(False, False),
            "left-in-training-mode": afterwards(True, True),
        },
    )
