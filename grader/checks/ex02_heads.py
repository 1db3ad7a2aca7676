"""Public checks of ex02: run them as often as you like while you write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from grader.guest.probing import RejectedError, draw_weights, require_module
from grader.judge.drawing import probability_shares
from grader.judge.expect import expect
from grader.judge.suite import probe

if TYPE_CHECKING:
    from grader.guest.submission import StudentModule
    from grader.judge.student import Student


def four_examples() -> Tensor:
    """Return four examples of three numbers."""
    return torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [-2.0, -2.0, 2.0], [4.0, 0.5, 1.0]])


def answers_of(built: object, x: Tensor, call: str) -> Tensor:
    """Ask a model with eight sets of weights, so large that its scores lie far apart."""
    model: nn.Module = require_module(built, call).to(x.device).eval()
    model(x)  # a lazy layer has no weights before
    given = []
    for seed in range(8):
        draw_weights(model, seed, scale=10)
        with torch.no_grad():
            given.append(model(x))
        if not isinstance(given[-1], Tensor):
            raise RejectedError(f"The model gave back {type(given[-1]).__name__}, not a tensor.")
    return torch.stack(given)


@probe("binary_classifier(3, 8)(x)")
def binary_answer(student: StudentModule, x: Tensor) -> Tensor:
    """Ask a yes/no question."""
    return answers_of(student.binary_classifier(3, 8), x, "binary_classifier(3, 8)")


@probe("multiclass_classifier(3, 8, 5)(x)")
def class_answer(student: StudentModule, x: Tensor) -> Tensor:
    """Ask for one class of five."""
    return answers_of(student.multiclass_classifier(3, 8, 5), x, "multiclass_classifier(3, 8, 5)")


@probe("regressor(3, 8)(x)")
def number_answer(student: StudentModule, x: Tensor) -> Tensor:
    """Ask for a number."""
    return answers_of(student.regressor(3, 8), x, "regressor(3, 8)")


def test_binary_classifier_answers_between_0_and_1(student: Student) -> None:
    """Four examples get four probabilities, as a column, with each of eight sets of weights."""
    answer = binary_answer(student, four_examples())
    values = expect(answer).tensor((8, 4, 1), torch.float32)
    inside = bool(((values >= 0) & (values <= 1)).all())
    expect(answer).satisfies(inside, "a probability lies between 0 and 1.")
    ones = bool((values == 1).all())
    expect(answer).satisfies(not ones, "every answer is 1.", "softmax-of-one-score")


def test_multiclass_classifier_shares_a_1_in_each_row(student: Student) -> None:
    """Each of four examples gets five probabilities that sum to 1, whatever the weights."""
    answer = class_answer(student, four_examples())
    values = expect(answer).tensor((8, 4, 5), torch.float32)
    answer.show(probability_shares(values[0]))
    over_rows = bool(((values.sum(1) - 1).abs() < 1e-4).all())
    expect(answer).satisfies(
        bool(((values.sum(2) - 1).abs() < 1e-4).all()),
        "the numbers of a row do not sum to 1.",
        "softmax-over-batch" if over_rows else None,
    )
    expect(answer).satisfies(bool((values >= 0).all()), "a probability is never below 0.")
    sure = values.max().item() > 0.9
    expect(answer).satisfies(sure, "no class gets nearly all, however far apart the scores lie.")


def test_regressor_answers_with_a_number(student: Student) -> None:
    """Four examples get four numbers, as a column, and they are not squeezed between 0 and 1."""
    answer = number_answer(student, four_examples())
    values = expect(answer).tensor((8, 4, 1), torch.float32)
    squeezed = bool(((values >= 0) & (values <= 1)).all())
    expect(answer).satisfies(not squeezed, "every answer lies between 0 and 1.")


def test_predicted_class_is_the_most_probable_one(student: Student) -> None:
    """The largest number of each row decides."""
    probabilities = torch.tensor([[0.2, 0.3, 0.4, 0.1], [0.6, 0.3, 0.0, 0.1], [0.1, 0.2, 0.3, 0.4]])
    expect(student.predicted_classes(probabilities)).equals(
        torch.tensor([2, 0, 3]),
        mistakes={
            "argmax-over-batch": probabilities.argmax(0),
            "largest-probability-itself": probabilities.amax(1),
            "classes-as-a-column": torch.tensor([[2], [0], [3]]),
        },
    )
