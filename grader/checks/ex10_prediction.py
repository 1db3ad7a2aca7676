"""Public checks of ex10_prediction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.judge import drawing
from grader.judge.expect import expect, expect_each
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.judge.student import Student
    from grader.pictures import DigitRow

BATCH_SIZE = 5
SHOWN = [3, 7, 3, 1, 3, 0]  # what each of six images shows
LABELS = [3, 7, 5, 1, 5, 0]
# Each line holds one row of dots of all ten digits.
DOTS = """
.###.|..#..|.###.|.###.|...#.|#####|..##.|#####|.###.|.###.
#...#|.##..|#...#|#...#|..##.|#....|.#...|....#|#...#|#...#
#..##|..#..|....#|....#|.#.#.|####.|#....|...#.|#...#|#...#
#.#.#|..#..|...#.|..##.|#..#.|....#|####.|..#..|.###.|.####
##..#|..#..|..#..|....#|#####|....#|#...#|..#..|#...#|....#
#...#|..#..|.#...|#...#|...#.|#...#|#...#|..#..|#...#|...#.
.###.|.###.|#####|.###.|...#.|.###.|.###.|..#..|.###.|.##..
"""
SIDE = 3  # pixels of a dot


def drawn_digits() -> torch.Tensor:
    """Draw the ten digits: (10, 28, 28), 1 for ink and 0 for paper."""
    rows = [line.split("|") for line in DOTS.split()]
    digits = [[[dot == "#" for dot in row[digit]] for row in rows] for digit in range(10)]
    dots = torch.tensor(digits, dtype=torch.float32)
    ink = dots.repeat_interleave(SIDE, dim=1).repeat_interleave(SIDE, dim=2)
    return nn.functional.pad(ink, (6, 7, 3, 4))


def scorer() -> nn.Linear:
    """Build a layer whose score for class k falls with every dot that differs from digit k."""
    ink = drawn_digits().reshape(10, 784)
    linear = nn.Linear(784, 10)
    with torch.no_grad():
        linear.weight.copy_(0.4 * (2 * ink - 1) / SIDE**2)
        linear.bias.copy_(-0.4 * ink.sum(dim=1) / SIDE**2)
    return linear


def dot_reader(like: torch.Tensor) -> nn.Module:
    """Build a model that reads drawn digits, in training mode."""
    return nn.Sequential(scorer(), nn.Dropout(0.9), nn.LogSoftmax(dim=1)).to(like.device)


@probe("predict(model, image)")
def predictions(student: Any, images: torch.Tensor) -> dict[str, object]:
    """Let the student predict with a model that is in training mode."""
    model = dot_reader(images)
    answers = [student.predict(model, image) for image in images]
    return {"probabilities": answers, "training mode afterwards": model.training}


@probe("accuracy(model, loader)")
def accuracy(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student find the accuracy."""
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH_SIZE)
    return student.accuracy(dot_reader(images), loader)


@probe("confusion_matrix(model, loader)")
def confusion(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student count the confusions."""
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH_SIZE)
    return student.confusion_matrix(dot_reader(images), loader)


def six_images() -> tuple[torch.Tensor, torch.Tensor]:
    """Give images of drawn digits, and their labels, two of which are wrong."""
    return drawn_digits()[SHOWN].unsqueeze(1), torch.tensor(LABELS)


def six_scores() -> torch.Tensor:
    """Give the model's scores for the images: (6, 10)."""
    scores: torch.Tensor = scorer()(six_images()[0].flatten(start_dim=1))
    return scores.detach()


def hits(labels: torch.Tensor) -> torch.Tensor:
    """Give a 1 for each image that the model recognises, and a 0 for the others: (6,)."""
    return (labels == torch.tensor(SHOWN)).float()


def draw_predictions(came: object, _: object) -> DigitRow | None:
    """Draw the images with what came back for them."""
    return drawing.digit_row((255 * drawn_digits()[SHOWN]).byte(), SHOWN, came)


def test_prediction_gives_ten_probabilities(student: Student) -> None:
    """The prediction for an image is ten probabilities, made without dropout."""
    scores = six_scores()
    answer = predictions(student, six_images()[0])
    expect(answer["probabilities"], draw_predictions).equals(
        list(scores.softmax(dim=1)),
        mistakes={
            "still-log-probabilities": list(scores.log_softmax(dim=1)),
            "batch-dimension-kept": list(scores.softmax(dim=1).unsqueeze(1)),
            "each-class-a-one": list(torch.ones(6, 10)),
        },
    )
    expect(answer["training mode afterwards"]).equals(
        True, mistakes={"left-in-evaluation-mode": False}
    )


def test_accuracy_is_the_share_of_right_answers(student: Student) -> None:
    """Four of six images are recognised, so the accuracy is 4/6; with other labels it is 5/6."""
    images, labels = six_images()
    expect_each(
        partial(accuracy, student),
        [(images, labels), (images, torch.tensor([3, 7, 3, 1, 0, 0]))],
        right=lambda _, labels: hits(labels).mean().item(),
        mistakes={
            "batches-averaged": lambda _, labels: (
                sum(part.mean().item() for part in hits(labels).split(BATCH_SIZE)) / 2
            ),
            "right-answers-counted": lambda _, labels: hits(labels).sum().item(),
            "accuracy-is-a-tensor": lambda _, labels: hits(labels).mean(),
        },
    )


def test_confusion_matrix_has_a_row_for_each_true_class(student: Student) -> None:
    """Two fives are taken for a three: they stand in row 5, column 3."""
    cells = 10 * torch.tensor(LABELS) + torch.tensor(SHOWN)
    counts = torch.bincount(cells, minlength=100).reshape(10, 10)
    expect(confusion(student, *six_images()), drawing.confusion).equals(
        counts,
        mistakes={"rows-and-columns-swapped": counts.T, "counts-as-floats": counts.float()},
    )
