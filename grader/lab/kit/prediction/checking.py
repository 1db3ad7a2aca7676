"""What the public checks ask, and what is right and mistaken in what they ask."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from beside.drawn_digits import digit_scorer, drawn_digits
from beside.repairs import of_size, only_64, only_one_fails, searching_rows
from grader.guest.probing import attempt
from grader.suite import difference, digit_row, probe
from kit.modes import TRAINING
from kit.networks import mixed_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import DigitRow, Student

    Counts = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

__all__ = [
    "ACCURACY_MISTAKES",
    "CONFUSION_MISTAKES",
    "LABELS",
    "PREDICTION_MISTAKES",
    "SHOWN",
    "accuracy",
    "ask",
    "by_image",
    "compares_probabilities",
    "confusions",
    "counted",
    "digits_and_labels",
    "dot_reader",
    "draw_predictions",
    "hits",
    "images_of",
    "meets_labels",
    "predicted",
    "predictions",
    "scores_of",
    "share",
]

BATCH_SIZE = 5

SHOWN = [3, 3, 1, 0, 1, 5]  # what each of six images shows

LABELS = [1, 7, 1, 0, 1, 5]

MORE_SHOWN = [0, 5, 1, 3, 1, 0, 7, 0, 7, 7, 7, 0]

MORE_LABELS = [3, 5, 1, 3, 1, 0, 5, 7, 0, 7, 7, 3]

SURE = 100.0  # times as much for each dot: the right class then has a probability of 1

LEAST_INK = 1  # what the model says where dropout takes all ink away


def dot_reader(like: torch.Tensor, dim: int = 1, sureness: float = 1.0) -> nn.Module:
    """Build a model that reads drawn digits, in training mode: dropout then silences all ink."""
    scorer = digit_scorer()
    with torch.no_grad():
        for parameter in scorer.parameters():
            parameter.mul_(sureness)
    return nn.Sequential(nn.Dropout(1.0), scorer, nn.LogSoftmax(dim)).to(like.device)


@probe("predict(model, image), for each image,")
def predictions(student: Any, images: torch.Tensor) -> dict[str, object]:
    """Let the student predict with a model that is in training mode."""
    model = dot_reader(images)
    answers = predicted(
        student,
        images,
        lambda use, dim: use(model if dim == 1 else dot_reader(images, dim)),
    )
    return by_image(answers) | {TRAINING[True]: model.training}


def by_image(results: Sequence[object]) -> dict[str, object]:
    """Name the results of images after them."""
    return {
        f"the result for image {place} of {len(results)}": result
        for place, result in enumerate(results, start=1)
    }


def predicted(
    student: Any, images: torch.Tensor, through: Callable[[Callable[..., object], int], Any]
) -> Any:
    """Let the student predict; where it fails, say why.

    Args:
        student: whose function it is.
        images: (n, 1, 28, 28).
        through: uses a model, given the dimension of its softmax.
    """

    def use(model: nn.Module) -> object:
        return [student.predict(model, image) for image in images]

    def use_rows(model: nn.Module) -> object:
        return [student.predict(model, image.reshape(1, 784)) for image in images]

    return attempt(
        lambda: through(use, 1),
        {
            "images-not-flattened": lambda: through(use_rows, 1),
            "image-without-batch-dimension": lambda: through(use, -1),
        },
    )


def ask(
    function: Callable[..., object],
    images: torch.Tensor,
    labels: torch.Tensor,
    sureness: float = 1.0,
    through: Callable[[Callable[..., object]], object] | None = None,
) -> object:
    """Let a function of the student's go through images in batches; where it fails, say why.

    `through` uses models; without it, the function is used once, with a model in training mode.
    """

    def run(
        pixels: torch.Tensor = images, marks: torch.Tensor = labels, size: int = BATCH_SIZE
    ) -> object:
        loader = DataLoader(TensorDataset(pixels, marks), batch_size=size)
        if through:
            return through(lambda model: function(model, loader))
        return function(dot_reader(images, sureness=sureness), loader)

    def in_batches_of(size: int) -> object:
        return run(*of_size(2 * size, images, labels), size)

    return attempt(
        run,
        {
            "images-not-flattened": lambda: run(images.reshape(-1, 784)),
            "batch-of-one-squeezed": lambda: only_one_fails(in_batches_of, BATCH_SIZE),
            "argmax-over-batch": searching_rows(instead_of=0)(run),
            "argmax-of-the-whole-batch": searching_rows(instead_of=None)(run),
            "fixed-batch-size": lambda: only_64(in_batches_of),
        },
    )


@probe("accuracy(model, loader)")
def accuracy(student: Any, images: torch.Tensor, labels: torch.Tensor, sureness: float) -> object:
    """Let the student find the accuracy."""
    return ask(student.accuracy, images, labels, sureness)


@probe("confusion_matrix(model, loader)")
def confusions(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student count the confusions."""
    return ask(student.confusion_matrix, images, labels)


def images_of(shown: torch.Tensor) -> torch.Tensor:
    """Give images of drawn digits: (n, 1, 28, 28)."""
    return drawn_digits()[shown].unsqueeze(1)


def scores_of(shown: torch.Tensor, sureness: float = 1.0, *, mixed: bool = False) -> torch.Tensor:
    """Give the model's log-probabilities for some drawn digits, without dropout: (n, 10)."""
    images = images_of(shown)
    scores: torch.Tensor = digit_scorer()(
        mixed_pixels(images) if mixed else images.flatten(start_dim=1)
    )
    return (sureness * scores.detach()).log_softmax(dim=1)


def mixed_guesses(shown: torch.Tensor) -> torch.Tensor:
    """Give what the model sees where the pixels of a batch's images are mixed."""
    return torch.stack([row.argmax() for row in scores_of(shown, mixed=True)])


def hits(guesses: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Give a 1 for each guess that is right, and a 0 for the others."""
    return (guesses == labels).float()


def counted(guesses: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Count the pairs of labels and guesses: (10, 10)."""
    pairs = zip(labels.tolist(), guesses.tolist(), strict=False)
    cells = torch.tensor([10 * label + guess for label, guess in pairs])
    return torch.bincount(cells, minlength=100).reshape(10, 10)


def by_batch(give: Counts, shown: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Add up what a function gives of each batch's digits and labels."""
    parts = zip(shown.split(BATCH_SIZE), labels.split(BATCH_SIZE), strict=True)
    return torch.stack([give(*part) for part in parts]).sum(dim=0)


def share(marks: Counts) -> Callable[..., float]:
    """Divide the sum of the marks that a function gives by the number of images."""
    return lambda *case: by_batch(lambda *part: marks(*part).sum(), *case).item() / len(case[1])


def average(give: Counts) -> Callable[..., float]:
    """Divide the sum of what a function gives for each batch by the number of batches."""
    return lambda *case: by_batch(give, *case).item() / len(case[1].split(BATCH_SIZE))


def digits_and_labels() -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Give what six images and twelve others show, and their labels, some of which are wrong."""
    pairs = ((SHOWN, LABELS), (MORE_SHOWN, MORE_LABELS))
    return [(torch.tensor(shown), torch.tensor(labels)) for shown, labels in pairs]


def draw_predictions(came: object, _: object) -> DigitRow | None:
    """Draw the images with what came back for them."""
    rows = list(came.values()) if isinstance(came, dict) else None
    return digit_row((255 * drawn_digits()[SHOWN]).byte(), SHOWN, rows)


PREDICTION_MISTAKES: Mapping[str, Callable[[torch.Tensor], object]] = {
    "still-log-probabilities": torch.log,
    "batch-dimension-kept": lambda row: row[None],
    "each-class-a-one": torch.ones_like,
    "softmax-of-probabilities": lambda row: row.softmax(dim=0),
    "exp-of-probabilities": torch.exp,
    "sigmoid-not-exp": lambda row: row.log().sigmoid(),
    "class-not-probabilities": torch.argmax,
    "largest-probability-only": torch.max,
    "dropout-left-on": lambda _: digit_scorer().bias.detach().softmax(dim=0),
}

ACCURACY_MISTAKES: Mapping[str, Callable[..., object]] = {
    "batches-averaged": average(lambda *part: hits(*part).mean()),
    "divided-by-batches": average(lambda *part: hits(*part).sum()),
    "full-batches-assumed": average(lambda *part: hits(*part).sum() / BATCH_SIZE),
    "right-answers-counted": lambda *case: hits(*case).sum().item(),
    "percent-not-share": share(lambda *part: 100 * hits(*part)),
    "share-of-wrong-answers": share(lambda *part: 1 - hits(*part)),
    "last-batch-only": lambda *case: hits(*case).split(BATCH_SIZE)[-1].mean().item(),
    "first-batch-only": lambda *case: hits(*case)[:BATCH_SIZE].mean().item(),
    "every-pair-compared": average(lambda shown, labels: hits(shown[:, None], labels).mean()),
    "every-pair-counted": share(lambda shown, labels: hits(shown[:, None], labels)),
    "argmax-of-the-whole-batch": share(
        lambda shown, labels: hits(scores_of(shown).argmax(), labels)
    ),
    "pixels-of-images-mixed": share(lambda shown, labels: hits(mixed_guesses(shown), labels)),
    "dropout-left-on": share(lambda _, labels: hits(torch.tensor(LEAST_INK), labels)),
    "accuracy-is-a-tensor": lambda *case: hits(*case).mean(),
    "nothing-returned": lambda *_: None,
}


def meets_labels(sureness: float, shown: torch.Tensor, labels: torch.Tensor) -> float:
    """Give the share of labels that equal the largest probability, which is 1 if it is sure."""
    largest = scores_of(shown, sureness).amax(dim=1).exp()
    return hits(largest, labels).mean().item()


def compares_probabilities(student: Student) -> bool:
    """Whether labels are met by the probabilities, or their logarithms, of a model that is sure."""
    shown, labels = digits_and_labels()[1]  # as many are 0 as 1, which logarithms are
    answer = accuracy(student, images_of(shown), labels, SURE)
    return not difference(answer.value, meets_labels(SURE, shown, labels))


CONFUSION_MISTAKES: Mapping[str, Callable[..., object]] = {
    "rows-and-columns-swapped": lambda *case: counted(*case).T,
    "counts-as-floats": lambda *case: counted(*case).float(),
    "shares-not-counts": lambda *case: counted(*case) / len(case[1]),
    "rows-normalised": lambda *case: (
        counted(*case) / counted(*case).sum(dim=1, keepdim=True).clamp(min=1)
    ),
    "as-large-as-the-largest-class": lambda *case: counted(*case)[
        : max(LABELS) + 1, : max(LABELS) + 1
    ],
    "repeated-pairs-counted-once": partial(by_batch, lambda *part: counted(*part).clamp(max=1)),
    "right-answers-only": lambda *case: counted(*case).diag().diag(),
    "wrong-answers-only": lambda *case: counted(*case).fill_diagonal_(0),
    "first-batch-only": lambda *case: counted(*(column[:BATCH_SIZE] for column in case)),
    "last-batch-only": lambda *case: counted(*(column[BATCH_SIZE:] for column in case)),
    "argmax-over-batch": partial(
        by_batch, lambda shown, labels: counted(scores_of(shown).argmax(dim=0), labels)
    ),
    "pixels-of-images-mixed": partial(
        by_batch, lambda shown, labels: counted(mixed_guesses(shown), labels)
    ),
    "dropout-left-on": lambda _, labels: counted(torch.full_like(labels, LEAST_INK), labels),
    "nothing-returned": lambda *_: None,
}
