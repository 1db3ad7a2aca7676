"""Public checks of ex02: run them as often as you like while you write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from beside.layers import noted_scores, takes_hidden
from grader.guest.probing import RejectedError, attempt, draw_weights, require_module
from grader.suite import expect, probability_shares, probe
from kit.heads import BINARY_HEADS, CLASS_HEADS, NUMBER_HEADS, head_mistake, mostly_sure
from kit.kept import keeps_its_arguments

if TYPE_CHECKING:
    from grader.suite import Answer, Student, StudentModule
    from kit.heads import Heads


LARGE_SETS, GENTLE_SETS = 8, 4  # sets of weights that a model is asked with


def four_examples() -> Tensor:
    """Return four examples of three numbers."""
    return torch.tensor([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [-2.0, -2.0, 2.0], [4.0, 0.5, 1.0]])


def ready_model(built: object, x: Tensor, hidden: int, call: str) -> nn.Module:
    """Return a student's model in evaluation mode, with all of its weights there."""
    model: nn.Module = require_module(built, call).to(x.device).eval()
    attempt(
        lambda: model(x),
        {"in-features-and-hidden-swapped": lambda: takes_hidden(model, x, hidden)},
    )
    return model


def answers_of(built: object, x: Tensor, call: str) -> dict[str, object]:
    """Ask a model with eight sets of weights, so large that its scores lie far apart, and more.

    With the others the scores lie near each other; they are what its last linear layer gives.
    """
    model = ready_model(built, x, 8, call)
    if not list(model.parameters()):
        raise RejectedError("The model has no parameters.", "layers-not-registered")
    given, scores = [], []
    for seed in range(LARGE_SETS + GENTLE_SETS):
        draw_weights(model, seed, scale=10 if seed < LARGE_SETS else 1)
        with torch.no_grad(), noted_scores(model) as seen:
            given.append(model(x))
        if not isinstance(given[-1], Tensor):
            raise RejectedError(f"The model returned {type(given[-1]).__name__}, not a tensor.")
        scores += seen[-1:]
    return {"answers": torch.stack(given), "scores": torch.stack(scores) if scores else None}


@probe("binary_classifier(3, 8)(x)")
def binary_answer(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask a yes/no question."""
    return answers_of(student.binary_classifier(3, 8), x, "binary_classifier(3, 8)")


@probe("multiclass_classifier(3, 8, 5)(x)")
def class_answer(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask for one class of five."""
    return answers_of(student.multiclass_classifier(3, 8, 5), x, "multiclass_classifier(3, 8, 5)")


@probe("regressor(3, 8)(x)")
def number_answer(student: StudentModule, x: Tensor) -> dict[str, object]:
    """Ask for a number."""
    return answers_of(student.regressor(3, 8), x, "regressor(3, 8)")


def calls(inputs: int, hidden: int) -> list[str]:
    """Return how a model of each kind is asked for."""
    return [
        f"binary_classifier({inputs}, {hidden})",
        f"multiclass_classifier({inputs}, {hidden}, 5)",
        f"regressor({inputs}, {hidden})",
    ]


@probe("binary_classifier(…), multiclass_classifier(…), regressor(…)")
def sizes_of(student: StudentModule, x: Tensor, hidden: int) -> dict[str, object]:
    """Return the sizes of each model's parameters, in pairs (a bias has a 1 in its pair)."""
    inputs = x.shape[1]
    found: dict[str, object] = {}
    models = (
        student.binary_classifier(inputs, hidden),
        student.multiclass_classifier(inputs, hidden, 5),
        student.regressor(inputs, hidden),
    )
    for call, model in zip(calls(inputs, hidden), models, strict=True):
        module = ready_model(model, x, hidden, call)
        found[call] = [sorted([1, 1, *each.shape])[-2:] for each in module.parameters()]
    return found


def pairs_in(answer: Answer) -> list[list[int]]:
    """Return the sizes of a model's parameters, and require that they are pairs."""
    pairs = answer.value
    are_pairs = isinstance(pairs, list) and all(
        isinstance(pair, list) and list(map(type, pair)) == [int, int] for pair in pairs
    )
    expect(answer).satisfies(are_pairs, "expected pairs of sizes.")
    return list(pairs)


# Sizes of what leads straight from three numbers to an answer.
STRAIGHT = ([1, 3], [1, 1], [3, 5], [1, 5])


def twelve_answers(
    given: Answer, outputs: int, shapes: dict[tuple[int, ...], str], heads: Heads
) -> tuple[Answer, Tensor, str | None]:
    """Return the answers (12, 4, outputs), and the last step that is mistaken in them.

    `shapes` names mistakes by what an answer looks like, `heads` by the last step.
    """
    answer, scores = given["answers"], given["scores"]
    value = answer.value
    came = tuple(value.shape[1:]) if isinstance(value, Tensor) else None
    sentence = f"the answer has the shape {came}; expected {(4, outputs)} for four examples."
    expect(answer).satisfies(came == (4, outputs), sentence, shapes.get(came) if came else None)
    mistake = head_mistake(value, scores.value, heads)
    lost = isinstance(value, Tensor) and not value.isfinite().all()
    expect(answer).satisfies(not lost, "it holds NaN or infinity.", mistake)
    return (
        answer,
        expect(answer).tensor((LARGE_SETS + GENTLE_SETS, 4, outputs), torch.float32),
        mistake,
    )


def test_binary_classifier_answers_between_0_and_1(student: Student) -> None:
    """binary_classifier: one probability from 0 to 1 per example, shape (4, 1)."""
    shapes = {(4, 2): "two-outputs-for-yes-and-no", (4,): "answer-flattened"}
    given = binary_answer(student, four_examples())
    answer, values, mistake = twelve_answers(given, 1, shapes, BINARY_HEADS)
    inside = bool(((values >= 0) & (values <= 1)).all())
    expect(answer).satisfies(inside, "a probability must be between 0 and 1.", mistake)
    unsure = bool(((values > 0) & (values < 1)).any()) or bool((values == 1).all())
    expect(answer).satisfies(
        unsure, "every answer is exactly 0 or 1; a probability can lie between.", mistake
    )
    ones = bool((values == 1).all())
    expect(answer).satisfies(not ones, "every answer is 1, whatever the example is.", mistake)


def test_multiclass_classifier_shares_a_1_in_each_row(student: Student) -> None:
    """multiclass_classifier: the five probabilities of each row add up to 1."""
    given = class_answer(student, four_examples())
    answer, values, mistake = twelve_answers(
        given, 5, {(4, 10): "classes-fixed-at-ten"}, CLASS_HEADS
    )
    answer.show(probability_shares(values[0]))
    shared = bool(((values.sum(2) - 1).abs() < 1e-4).all() and (values >= 0).all())
    sentence = "each row should hold probabilities that add up to 1."
    expect(answer).satisfies(shared, sentence, mistake)
    sentence = "no probability comes near 1, however far apart the scores are."
    expect(answer).satisfies(values.max().item() > 0.9, sentence, mistake)
    sentence = "most rows have no probability near 1, though their scores are far apart."
    expect(answer).satisfies(mostly_sure(values[:LARGE_SETS]), sentence, mistake)


def test_regressor_answers_with_a_number(student: Student) -> None:
    """regressor: one number per example, shape (4, 1), also below 0 or above 1."""
    given = number_answer(student, four_examples())
    answer, values, mistake = twelve_answers(given, 1, {(4,): "answer-flattened"}, NUMBER_HEADS)
    squeezed = bool(((values >= 0) & (values <= 1)).all())
    free = "a regressor can answer any number."
    expect(answer).satisfies(not squeezed, f"every answer lies between 0 and 1; {free}", mistake)
    expect(answer).satisfies(values.min().item() < -1, f"no answer is far below 0; {free}", mistake)
    expect(answer).satisfies(values.max().item() > 1, f"no answer is far above 1; {free}", mistake)


def test_models_have_a_hidden_layer_of_the_size_asked_for(student: Student) -> None:
    """binary_classifier, multiclass_classifier, regressor: the hidden layer has `hidden` units."""
    x = four_examples()
    answer, other = (sizes_of(student, x, hidden) for hidden in (8, 6))
    for call, same_call in zip(calls(x.shape[1], 8), calls(x.shape[1], 6), strict=True):
        sizes, others = pairs_in(answer[call]), pairs_in(other[same_call])
        asked_for = any(8 in pair for pair in sizes)
        straight = all(pair in STRAIGHT for pair in sizes)
        fixed = "no-hidden-layer" if straight else "hidden-size-fixed"
        sentence = f"no parameter of {call} has a size of 8, the number of hidden units."
        mistake = fixed if sizes and sizes == others else None
        expect(answer[call]).satisfies(asked_for, sentence, mistake)


def test_predicted_class_is_the_most_probable_one(student: Student) -> None:
    """predicted_classes: the column of the largest probability in each row."""
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


def test_what_it_is_given_stays_as_it_was(student: Student) -> None:
    """predicted_classes: does not modify the probabilities."""
    answer = student.predicted_classes(torch.tensor([[0.2, 0.1, 0.7]], dtype=torch.float64))
    keeps_its_arguments(answer, torch.tensor([2]))
