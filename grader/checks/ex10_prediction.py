"""Public checks of ex10_prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.judge import drawing
from grader.judge.expect import expect
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.judge.student import Student

BATCH_SIZE = 4
BRIGHT = [3, 7, 3, 1, 0, 3]  # the pixel that is bright in each of six images
LABELS = [3, 7, 5, 1, 0, 5]


def pixel_reader(like: torch.Tensor) -> nn.Module:
    """Build a model whose score for class k is three times pixel k, in training mode."""
    linear = nn.Linear(784, 10)
    with torch.no_grad():
        linear.weight.zero_()
        linear.weight[range(10), range(10)] = 3.0
        linear.bias.zero_()
    return nn.Sequential(linear, nn.Dropout(0.9), nn.LogSoftmax(dim=1)).to(like.device)


@probe("predict(model, image)")
def prediction(student: Any, image: torch.Tensor) -> dict[str, object]:
    """Let the student predict with a model that is in training mode."""
    model = pixel_reader(image)
    answer = student.predict(model, image)
    return {"probabilities": answer, "training mode afterwards": model.training}


@probe("accuracy(model, loader)")
def accuracy(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student find the accuracy."""
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH_SIZE)
    return student.accuracy(pixel_reader(images), loader)


@probe("confusion_matrix(model, loader)")
def confusion(student: Any, images: torch.Tensor, labels: torch.Tensor) -> object:
    """Let the student count the confusions."""
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH_SIZE)
    return student.confusion_matrix(pixel_reader(images), loader)


def bright_images() -> tuple[torch.Tensor, torch.Tensor]:
    """Give black images with one bright pixel each, and their labels."""
    rows = torch.zeros(len(BRIGHT), 784)
    rows[range(len(BRIGHT)), BRIGHT] = 1.0
    return rows.reshape(-1, 1, 28, 28), torch.tensor(LABELS)


def test_prediction_gives_ten_probabilities(student: Student) -> None:
    """The prediction for an image is ten probabilities, made without dropout."""
    image = bright_images()[0][0]
    scores = torch.zeros(10)
    scores[BRIGHT[0]] = 3.0
    answer = prediction(student, image)
    expect(answer["probabilities"]).equals(
        scores.softmax(dim=0),
        mistakes={
            "still-log-probabilities": scores.log_softmax(dim=0),
            "batch-dimension-kept": scores.softmax(dim=0)[None],
            "each-class-a-one": torch.ones(10),
        },
    )
    expect(answer["training mode afterwards"]).equals(
        True, mistakes={"left-in-evaluation-mode": False}
    )


def test_accuracy_is_the_share_of_right_answers(student: Student) -> None:
    """Four of six images are recognised, so the accuracy is 4/6."""
    right = [label == bright for label, bright in zip(LABELS, BRIGHT, strict=True)]
    first, second = right[:BATCH_SIZE], right[BATCH_SIZE:]
    expect(accuracy(student, *bright_images())).equals(
        sum(right) / len(right),
        mistakes={
            "batches-averaged": (sum(first) / len(first) + sum(second) / len(second)) / 2,
            "right-answers-counted": float(sum(right)),
            "accuracy-is-a-tensor": torch.tensor(sum(right) / len(right)),
        },
    )


def test_confusion_matrix_has_a_row_for_each_true_class(student: Student) -> None:
    """Two fives are taken for a three: they stand in row 5, column 3."""
    counts = torch.zeros(10, 10, dtype=torch.int64)
    for label, bright in zip(LABELS, BRIGHT, strict=True):
        counts[label, bright] += 1
    expect(confusion(student, *bright_images()), drawing.confusion).equals(
        counts,
        mistakes={"rows-and-columns-swapped": counts.T, "counts-as-floats": counts.float()},
    )
