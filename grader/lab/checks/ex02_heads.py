"""Public checks of ex02: run them as often as you like while you write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from grader.guest.probing import RejectedError, attempt, draw_weights, require_module
from grader.suite import expect, probability_shares, probe

if TYPE_CHECKING:
    from grader.suite import Answer, Student, StudentModule


def four_examples() -> Tensor:
    """Return four examples of three numbers."""
    return torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [-2.0, -2.0, 2.0], [4.0, 0.5, 1.0]])


def answers_of(built: object, x: Tensor, call: str) -> Tensor:
    """Ask a model with eight sets of weights, so large that its scores lie far apart."""
    model: nn.Module = require_module(built, call).to(x.device).eval()
    eight = x.new_zeros(4, 8)  # where a model takes these, the two sizes changed places
    attempt(lambda: model(x), {"in-features-and-hidden-swapped": lambda: model(eight)})
    if not list(model.parameters()):
        raise RejectedError("The model has no parameters.", "layers-not-registered")
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


def eight_answers(answer: Answer, outputs: int, shapes: dict[tuple[int, ...], str]) -> Tensor:
    """Return the answers (8, 4, outputs); `shapes` names mistakes by what an answer looks like."""
    value = answer.value
    came = tuple(value.shape[1:]) if isinstance(value, Tensor) else None
    sentence = f"the answer has the shape {came}; expected {(4, outputs)} for four examples."
    expect(answer).satisfies(came == (4, outputs), sentence, shapes.get(came) if came else None)
    lost = isinstance(value, Tensor) and not value.isfinite().all()
    expect(answer).satisfies(not lost, "it holds NaN or infinity.", "exp-of-large-scores")
    return expect(answer).tensor((8, 4, outputs), torch.float32)


def no_probability_because(values: Tensor) -> str | None:
    """Name what leaves the room from 0 to 1."""
    low, high = values.min().item(), values.max().item()
    if high <= 0:
        return "log-of-the-probability"
    if low == 0:
        return "relu-on-the-answer"
    if low >= -1 and high <= 1:
        return "tanh-for-a-probability"
    return "score-not-probability" if low < -1 and high > 1 else None


def test_binary_classifier_answers_between_0_and_1(student: Student) -> None:
    """Four examples get four probabilities, as a column, with each of eight sets of weights."""
    answer = binary_answer(student, four_examples())
    shapes = {(4, 2): "two-outputs-for-yes-and-no", (4,): "answer-flattened"}
    values = eight_answers(answer, 1, shapes)
    inside = bool(((values >= 0) & (values <= 1)).all())
    because = None if inside else no_probability_because(values)
    expect(answer).satisfies(inside, "a probability lies between 0 and 1.", because)
    ones = bool((values == 1).all())
    expect(answer).satisfies(not ones, "every answer is 1.", "softmax-of-one-score")


def no_shares_because(values: Tensor) -> str | None:
    """Name what makes the rows sum to something else than 1."""
    low, high = values.min().item(), values.max().item()
    if low < 0:
        return "log-of-the-probability" if high <= 0 else "scores-not-shares"
    for slug, sums in (
        ("softmax-over-batch", values.sum(1)),
        ("shares-of-the-whole-batch", values.flatten(1).sum(1)),
    ):
        if torch.allclose(sums, torch.ones_like(sums), atol=1e-4):
            return slug
    return "sigmoid-for-each-class" if high <= 1 else None


def test_multiclass_classifier_shares_a_1_in_each_row(student: Student) -> None:
    """Each of four examples gets five probabilities that sum to 1, whatever the weights."""
    answer = class_answer(student, four_examples())
    values = eight_answers(answer, 5, {(4, 10): "classes-fixed-at-ten"})
    answer.show(probability_shares(values[0]))
    shared = bool(((values.sum(2) - 1).abs() < 1e-4).all() and (values >= 0).all())
    because = None if shared else no_shares_because(values)
    expect(answer).satisfies(shared, "a row holds no probabilities that sum to 1.", because)
    largest = values.max().item()
    # softmax gives no more where its scores lie between -1 and 1
    squashed = largest < 1e-3 + torch.tensor([1.0, -1, -1, -1, -1]).softmax(0)[0].item()
    expect(answer).satisfies(
        largest > 0.9,
        "no class gets nearly all, however far apart the scores lie.",
        "squashed-twice" if squashed else None,
    )


def squeezed_because(values: Tensor) -> str:
    """Name what keeps every answer between 0 and 1."""
    return "softmax-of-one-score" if (values == 1).all() else "sigmoid-on-the-answer"


def test_regressor_answers_with_a_number(student: Student) -> None:
    """Four examples get four numbers, as a column, and they are not squeezed between 0 and 1."""
    answer = number_answer(student, four_examples())
    values = eight_answers(answer, 1, {(4,): "answer-flattened"})
    squeezed = bool(((values >= 0) & (values <= 1)).all())
    because = squeezed_because(values) if squeezed else None
    expect(answer).satisfies(not squeezed, "every answer lies between 0 and 1.", because)


def test_predicted_class_is_the_most_probable_one(student: Student) -> None:
    """The largest number of each row decides."""
    probabilities = torch.tensor([[0.2, 0.3, 0.4, 0.1], [0.6, 0.3, 0.0, 0.1], [0.1, 0.2, 0.3, 0.4]])
    right = torch.tensor([2, 0, 3])
    expect(student.predicted_classes(probabilities)).equals(
        right,
        mistakes={
            "argmax-over-batch": probabilities.argmax(0),
            "argmax-of-the-whole-batch": probabilities.argmax(),
            "largest-probability-itself": probabilities.amax(1),
            "probability-and-class": (probabilities.amax(1), right),
            "least-probable-class": torch.tensor([3, 2, 0]),
            "classes-as-a-column": right.unsqueeze(1),
            "classes-not-whole-numbers": right.float(),
            "classes-numbered-from-one": right + 1,
            "classes-as-a-list": right.tolist(),
            "above-one-half": (probabilities > 0.5).long(),
        },
    )
