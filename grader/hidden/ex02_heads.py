"""Hidden tests of ex02: a probability, probabilities of classes, a number, and a decision.

The models may have any layers, so nothing is known about them but what they answer. Each is given
many sets of random weights, so large that its scores lie far apart, and the answers to all of them
are judged together.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from grader.guest.probing import RejectedError, attempt, draw_weights, require_module
from grader.judge.expect import expect, expect_each
from grader.judge.suite import points, probe

if TYPE_CHECKING:
    from grader.guest.submission import StudentModule
    from grader.judge.student import Answer, Student

WEIGHT_SETS = 24  # all answers of a right model have the same sign once in 2**23 models
AGAIN = 3  # the place of an example that has been there before
SMALL, MODERATE, LARGE = 0.5, 2.0, 10.0  # weights; with large ones the scores lie far apart


def examples(seed: int, n: int, in_features: int) -> Tensor:
    """Draw n examples of numbers of both signs; from four on, the fourth is the first again."""
    drawn = 1.5 * torch.randn(n, in_features, generator=torch.Generator().manual_seed(seed))
    drawn[AGAIN : AGAIN + 1] = drawn[0]
    return drawn


def ready_model(built: object, x: Tensor, hidden: int, call: str) -> nn.Module:
    """Return a student's model in eval mode, with all of its weights there."""
    model = require_module(built, call).to(x.device).eval()
    swapped = x.new_zeros(len(x), hidden)
    attempt(lambda: model(x), {"in-features-and-hidden-swapped": lambda: model(swapped)})
    if not list(model.parameters()):
        raise RejectedError("The model has no parameters.", "layers-not-registered")
    return model


def answers(model: nn.Module, x: Tensor, scale: float) -> Tensor:
    """Return what the model gives for x, with one set of weights after the other."""
    given = []
    for seed in range(WEIGHT_SETS):
        draw_weights(model, seed, scale)
        with torch.no_grad():
            given.append(model(x))
        if not isinstance(given[-1], Tensor):
            raise RejectedError(f"The model gave back {type(given[-1]).__name__}, not a tensor.")
    return torch.stack(given)


@probe("binary_classifier(in_features, hidden)(x)")
def binary_answers(student: StudentModule, x: Tensor, hidden: int, scale: float) -> Tensor:
    """Ask a yes/no question."""
    built = student.binary_classifier(x.shape[1], hidden)
    return answers(ready_model(built, x, hidden, "binary_classifier(…)"), x, scale)


@probe("multiclass_classifier(in_features, hidden, num_classes)(x)")
def class_answers(
    student: StudentModule, x: Tensor, hidden: int, num_classes: int, scale: float
) -> Tensor:
    """Ask for one class of many."""
    built = student.multiclass_classifier(x.shape[1], hidden, num_classes)
    return answers(ready_model(built, x, hidden, "multiclass_classifier(…)"), x, scale)


@probe("regressor(in_features, hidden)(x)")
def number_answers(student: StudentModule, x: Tensor, hidden: int, scale: float) -> Tensor:
    """Ask for a number."""
    built = student.regressor(x.shape[1], hidden)
    return answers(ready_model(built, x, hidden, "regressor(…)"), x, scale)


@probe("binary_classifier(in_features, hidden)")
def parameter_sizes(student: StudentModule, x: Tensor, hidden: int) -> Tensor:
    """List the two largest sizes of each parameter."""
    built = student.binary_classifier(x.shape[1], hidden)
    model = ready_model(built, x, hidden, "binary_classifier(…)")
    return torch.tensor([sorted([1, 1, *p.shape])[-2:] for p in model.parameters()])


def given(answer: Answer, n: int, outputs: int, shapes: dict[str, tuple[int, ...]]) -> Tensor:
    """Return what a model gave, (sets of weights, n, outputs), if nothing is wrong with its form.

    Args:
        answer: of one of the probes.
        n: how many examples it was asked about.
        outputs: how many numbers each should get.
        shapes: mistake to the shape that it gives.
    """
    value = answer.value
    came = tuple(value.shape[1:]) if isinstance(value, Tensor) else None
    mistake = next((slug for slug, shape in shapes.items() if shape == came), None)
    sentence = f"expected an answer of shape {(n, outputs)} for {n} examples."
    if came is not None:
        sentence = f"the answer has the shape {came}; {sentence}"
    expect(answer).satisfies(came == (n, outputs), sentence, mistake)
    lost = isinstance(value, Tensor) and not torch.isfinite(value).all()
    expect(answer).satisfies(not lost, "it holds NaN or infinity.", "exp-of-large-scores")
    return expect(answer).tensor((WEIGHT_SETS, n, outputs), torch.float32)


def depends_on_x(answer: Answer, values: Tensor) -> None:
    """Require that different examples get different answers, and the same one the same."""
    differs = bool((values.amax(1) > values.amin(1)).any())  # by little, through many sigmoids
    mistake = "softmax-of-one-score" if (values == 1).all() else "examples-without-influence"
    expect(answer).satisfies(differs, "every example gets the same answer.", mistake)
    again = values[:, AGAIN : AGAIN + 1]
    same = torch.allclose(again, values[:, : again.shape[1]], rtol=1e-3, atol=1e-2)
    expect(answer).satisfies(same, "an example gets another answer when it comes again.")


def lies_between_0_and_1(answer: Answer, values: Tensor) -> None:
    """Require probabilities."""
    inside = bool(((values >= 0) & (values <= 1)).all())
    low, high = values.min().item(), values.max().item()
    mistake = None
    if low < -1 and high > 1:
        mistake = "score-not-probability"
    elif high <= 0:
        mistake = "log-of-the-probability"
    elif -1 <= low < 0 and high <= 1:
        mistake = "tanh-for-a-probability"
    elif low == 0:
        mistake = "relu-on-the-answer"
    expect(answer).satisfies(inside, "a probability lies between 0 and 1.", mistake)


def binary(student: Student, n: int, scale: float) -> tuple[Answer, Tensor]:
    """Ask a yes/no question about n examples, and require the form of an answer."""
    answer = binary_answers(student, examples(n, n, 5), 7, scale)
    two = {"two-outputs-for-yes-and-no": (n, 2), "answer-flattened": (n,)}
    return answer, given(answer, n, 1, two)


@points(1)
def test_binary_classifier_gives_a_probability_for_each_example(student: Student) -> None:
    """The binary classifier gives each example a number between 0 and 1."""
    for n in (6, 1):
        answer, values = binary(student, n, LARGE)
        lies_between_0_and_1(answer, values)
        if n > 1:
            depends_on_x(answer, values)
    answer, values = binary(student, 6, SMALL)
    unsure = bool(((values > 0) & (values < 1)).any())
    expect(answer).satisfies(unsure, "each is exactly 0 or 1.", "decision-not-probability")


@points(1)
def test_binary_classifier_can_be_sure_of_yes_and_of_no(student: Student) -> None:
    """The binary classifier comes near 0 and near 1 where its score is far from 0."""
    answer, values = binary(student, 6, LARGE)
    lies_between_0_and_1(answer, values)
    depends_on_x(answer, values)
    low, high = values.min().item(), values.max().item()
    mistake = None
    if low > 0.26 and high < 0.74:  # sigmoid of what lies between -1 and 1
        mistake = "squashed-twice"
    elif low == 0.5:
        mistake = "relu-before-sigmoid"
    expect(answer).satisfies(low < 0.05, "no answer comes near 0.", mistake)
    expect(answer).satisfies(high > 0.95, "no answer comes near 1.", mistake)


@points(1)
def test_binary_classifier_has_a_hidden_layer_of_the_size_asked_for(student: Student) -> None:
    """The binary classifier has a hidden layer of as many units as it was asked for."""
    for in_features, hidden in ((5, 7), (3, 11)):
        x = examples(3, 4, in_features)
        answer = parameter_sizes(student, x, hidden)
        sizes = expect(answer).tensor(dtype=torch.int64)
        layers = bool((sizes > 1).all(-1).any())
        expect(answer).satisfies(
            bool((sizes == hidden).any()),
            f"no parameter of the model has a size of {hidden}.",
            "hidden-size-fixed" if layers else "no-hidden-layer",
        )
        asked = binary_answers(student, x, hidden, MODERATE)
        depends_on_x(asked, given(asked, 4, 1, {}))


def multiclass(student: Student, n: int, num_classes: int, scale: float) -> tuple[Answer, Tensor]:
    """Ask for one class of many; require rows that sum to 1 and differ between examples."""
    answer = class_answers(student, examples(n, n, 5), 7, num_classes, scale)
    values = given(answer, n, num_classes, {"classes-fixed-at-ten": (n, 10)})
    sums = values.sum(2)
    right = bool(((sums - 1).abs() < 1e-4).all() and (values >= 0).all())
    sentence = "each row should hold probabilities that sum to 1."
    expect(answer).satisfies(right, sentence, no_shares_because(values) if n > 1 else None)
    if n > 1:
        depends_on_x(answer, values)
    return answer, values


def no_shares_because(values: Tensor) -> str | None:
    """Name what makes the rows sum to something else than 1."""
    low, high = values.min().item(), values.max().item()
    if low < 0:
        return "log-of-the-probability" if high <= 0 else "scores-not-shares"
    if high > 1:
        return None
    if ((values.sum(1) - 1).abs() < 1e-4).all():
        return "softmax-over-batch"
    if ((values.sum((1, 2)) - 1).abs() < 1e-4).all():
        return "shares-of-the-whole-batch"
    return "sigmoid-for-each-class"


@points(1)
def test_each_row_of_the_multiclass_classifier_sums_to_1(student: Student) -> None:
    """The multiclass classifier gives each example probabilities that sum to 1."""
    for n, num_classes in ((6, 4), (3, 6), (1, 4)):
        multiclass(student, n, num_classes, MODERATE)


@points(1)
def test_multiclass_classifier_gives_rows_that_sum_to_1_for_large_scores(student: Student) -> None:
    """The probabilities of a row sum to 1 also where the scores are large."""
    for n, num_classes in ((5, 3), (6, 7)):
        multiclass(student, n, num_classes, LARGE)


@points(1)
def test_multiclass_classifier_can_be_sure(student: Student) -> None:
    """Where scores lie far apart, one probability is near 1 and the others are near 0."""
    for num_classes in (4, 6):
        answer, values = multiclass(student, 6, num_classes, LARGE)
        low, high = values.min().item(), values.max().item()
        # softmax of scores that lie between -1 and 1
        twice = high < 1e-3 + math.exp(2) / (math.exp(2) + num_classes - 1)
        mistake = "squashed-twice" if twice else None
        expect(answer).satisfies(high > 0.99, "no probability comes near 1.", mistake)
        expect(answer).satisfies(low < 0.01, "no probability comes near 0.", mistake)


@points(1)
def test_regressor_gives_a_number_for_each_example(student: Student) -> None:
    """The regressor gives one number for each example."""
    for n in (6, 1):
        answer = number_answers(student, examples(20 + n, n, 5), 7, MODERATE)
        values = given(answer, n, 1, {"answer-flattened": (n,)})
        if n > 1:
            depends_on_x(answer, values)


def bound_of(values: Tensor) -> str | None:
    """Name what keeps a model from answering with every number."""
    low, high = values.min().item(), values.max().item()
    if low == high == 1:
        return "softmax-of-one-score"
    if high <= 1:
        return "sigmoid-on-the-answer" if low >= 0 else "tanh-on-the-answer" if low >= -1 else None
    return "relu-on-the-answer" if low == 0 else None


@points(1)
def test_answers_of_the_regressor_have_no_bounds(student: Student) -> None:
    """The regressor can answer with any number, below 0 and above 1 too."""
    answer = number_answers(student, examples(31, 6, 4), 9, LARGE)
    values = given(answer, 6, 1, {"answer-flattened": (6,)})
    low, high = values.min().item(), values.max().item()
    mistake = bound_of(values)
    expect(answer).satisfies(low < -3, "no answer is far below 0.", mistake)
    expect(answer).satisfies(high > 3, "no answer is far above 0.", mistake)


def shares(seed: int, n: int, classes: int, dtype: torch.dtype) -> Tensor:
    """Draw rows of probabilities, most of them without one above 1/2."""
    generator = torch.Generator().manual_seed(seed)
    return torch.softmax(torch.randn(n, classes, generator=generator, dtype=dtype), 1)


@points(1)
def test_predicted_class_is_the_most_probable_of_its_row(student: Student) -> None:
    """The class of each row is the one with the largest probability."""
    expect_each(
        student.predicted_classes,
        [(shares(41, 5, 4, torch.float64),), (shares(42, 3, 6, torch.float32),)],
        right=lambda p: p.argmax(1),
        mistakes={
            "argmax-over-batch": lambda p: p.argmax(0),
            "argmax-of-the-whole-batch": torch.argmax,
            "largest-probability-itself": lambda p: p.amax(1),
            "probability-and-class": lambda p: tuple(p.max(1)),
            "least-probable-class": lambda p: p.argmin(1),
            "classes-as-a-column": lambda p: p.argmax(1, keepdim=True),
            "classes-not-whole-numbers": lambda p: p.argmax(1).to(p.dtype),
            "classes-numbered-from-one": lambda p: p.argmax(1) + 1,
            "classes-as-a-list": lambda p: p.argmax(1).tolist(),
            "above-one-half": lambda p: (p > 0.5).long(),
        },
    )


@points(1)
def test_one_row_gets_one_class_and_the_probabilities_stay(student: Student) -> None:
    """A batch of one row gets one class, and the probabilities are left as they were."""
    for seed in (43, 45):
        row = shares(seed, 1, 5, torch.float32)
        answer = student.predicted_classes(row)
        expect(answer).equals(row.argmax(1))
        expect(answer).leaves_arguments_alone()
