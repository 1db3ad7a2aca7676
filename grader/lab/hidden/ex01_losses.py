"""Hidden tests of ex01: squared error, one-hot rows, log-softmax and cross-entropy by hand.

What is ready-made in PyTorch is switched off in the guest, and open to these tests: see
`grader.guest.rails`.
"""

from __future__ import annotations

import math
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.errors import SubmissionError
from grader.guest.probing import lent
from grader.suite import difference, expect, expect_each, points, probe
from kit.one_hot.mistakes import marked, one_hot_mistakes
from kit.solving import solved_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.suite import Answer, Student


def drawn(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Draw numbers of both signs, a few units in size."""
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(shape, generator=generator, dtype=dtype) + 0.5


def sum_in_another_base(
    answers: Sequence[Answer], cases: Sequence[tuple[object, ...]]
) -> dict[str, Callable[..., object]]:
    """Give the mistake of taking another logarithm than the natural one of the sum alone."""

    def as_they_are(factor: float, z: Tensor) -> Tensor:
        return z - factor * z.logsumexp(-1, keepdim=True)

    def without_the_largest(factor: float, z: Tensor) -> Tensor:
        return as_they_are(factor, z - z.amax(-1, keepdim=True))

    slug, known = "logarithm-of-the-sum-in-another-base", (0.0, 1.0)
    return {
        **solved_for(slug, as_they_are, answers, cases, known),
        **solved_for(slug, without_the_largest, answers, cases, known),
    }


def half_mean_square(predictions: Tensor, targets: Tensor) -> Tensor:
    """Compute 1/(2n) times the sum of the squares, example by example."""
    rows, answers = predictions.reshape(len(targets), -1), targets.reshape(len(targets), -1)
    costs = [(row - answer).square().sum() for row, answer in zip(rows, answers, strict=True)]
    return torch.stack(costs).sum() / (2 * len(costs))


@points(1)
def test_squared_error_is_half_the_mean_over_the_examples(student: Student) -> None:
    """mean_squared_error: the sum of the squared errors, divided by 2n."""
    cases = [
        (drawn(1, 5, 3), drawn(2, 5, 3)),
        (drawn(3, 7, 4, dtype=torch.float32), drawn(4, 7, 4, dtype=torch.float32)),
    ]
    answers = [student.mean_squared_error(*case) for case in cases]

    def times(factor: float, p: Tensor, y: Tensor) -> Tensor:
        return factor * (p - y).square().sum()

    expect_each(
        answers,
        cases,
        right=half_mean_square,
        mistakes=lambda: {
            "half-left-out": lambda p, y: (p - y).square().sum() / len(p),
            "not-divided-by-n": lambda p, y: (p - y).square().sum() / 2,
            "squares-only-added-up": lambda p, y: (p - y).square().sum(),
            "divided-by-all-numbers": lambda p, y: (p - y).square().mean() / 2,
            "mean-of-all-squares": lambda p, y: (p - y).square().mean(),
            "brackets-missing-in-divisor": lambda p, y: (p - y).square().sum() / 2 * len(p),
            "root-of-the-loss": lambda p, y: half_mean_square(p, y).sqrt(),
            "absolute-errors": lambda p, y: (p - y).abs().sum() / (2 * len(p)),
            "errors-not-squared": lambda p, y: (y - p).sum() / (2 * len(p)),
            "squared-after-the-sum": lambda p, y: (p - y).sum().square() / (2 * len(p)),
            "loss-of-each-example": lambda p, y: (p - y).square().sum(1) / 2,
            "number-not-tensor": lambda p, y: half_mean_square(p, y).item(),
            **solved_for("n-is-a-constant", times, answers, cases, besides=(0.0, 0.5, 1.0)),
        },
    )


@points(1)
def test_squared_error_compares_each_prediction_with_its_own_target(student: Student) -> None:
    """mean_squared_error: shapes (n,) and (n, 1) are compared element by element."""
    expect_each(
        student.mean_squared_error,
        [(drawn(5, 5), drawn(6, 5, 1)), (drawn(7, 4, 1), drawn(8, 4))],
        right=half_mean_square,
        mistakes={"errors-of-all-pairs": lambda p, y: (p - y).square().sum() / (2 * len(p))},
    )
    predictions, targets = drawn(9, 6), drawn(10, 6)
    answer = student.mean_squared_error(predictions, targets)
    expect(answer).equals(half_mean_square(predictions, targets))


@points(1)
def test_one_hot_marks_the_class_of_each_row(student: Student) -> None:
    """one_hot: each row has a single 1, in the column of its class."""
    cases = [(torch.tensor([2, 0, 3, 2, 0]), 4), (torch.tensor([5, 1, 5]), 6)]
    answers = [student.one_hot(*case) for case in cases]
    expect_each(
        answers,
        cases,
        right=marked,
        mistakes=lambda: {
            **one_hot_mistakes(answers, largest=5),
        },
    )


@points(1)
def test_one_hot_has_a_column_for_every_class(student: Student) -> None:
    """one_hot: has a column for every class, even for one that does not occur."""
    expect_each(
        student.one_hot,
        [(torch.tensor([1, 2, 1, 0]), 5), (torch.tensor([0, 3]), 7)],
        right=marked,
        mistakes={
            "width-of-the-largest-label": lambda labels, _: marked(labels, int(labels.max()) + 1)
        },
    )


@points(1)
def test_log_softmax_shares_among_the_classes_of_a_row(student: Student) -> None:
    """log_softmax: the natural logarithm of the softmax over the classes of each row."""
    cases = [(drawn(21, 5, 4),), (drawn(22, 3, 6, dtype=torch.float32),)]
    answers = [student.log_softmax(*case) for case in cases]
    expect_each(
        answers,
        cases,
        right=lambda z: F.log_softmax(z, 1),
        mistakes=lambda: {
            "log-softmax-over-batch": lambda z: F.log_softmax(z, 0),
            "shares-of-the-whole-batch": lambda z: z - z.flatten().logsumexp(0),
            "shares-without-their-log": lambda z: z.softmax(1),
            "logarithm-to-base-two": lambda z: F.log_softmax(z, 1) / math.log(2),
            "logarithm-to-base-ten": lambda z: F.log_softmax(z, 1) / math.log(10),
            "sign-of-the-logs-turned": lambda z: -F.log_softmax(z, 1),
            "smallest-score-wins": lambda z: F.log_softmax(-z, 1),
            "largest-score-only-taken-off": lambda z: z - z.amax(1, keepdim=True),
            **sum_in_another_base(answers, cases),
        },
    )


@points(0.5)
def test_log_softmax_runs_over_the_last_of_any_dimensions(student: Student) -> None:
    """log_softmax: runs over the last dimension, for any number of dimensions."""
    expect_each(
        student.log_softmax,
        [(drawn(23, 2, 3, 4),), (drawn(24, 3, 5, 2),)],
        right=lambda z: F.log_softmax(z, -1),
        mistakes={
            "log-softmax-over-batch": lambda z: F.log_softmax(z, 0),
            "second-dimension-not-last": lambda z: F.log_softmax(z, 1),
        },
    )
    scores = drawn(25, 6)
    expect(student.log_softmax(scores)).equals(F.log_softmax(scores, -1))


@points(0.5)
def test_log_softmax_keeps_rows_apart_where_there_are_as_many_classes(student: Student) -> None:
    """log_softmax: right, even if there are as many rows as classes."""
    expect_each(
        student.log_softmax,
        [(drawn(26, 4, 4),), (drawn(27, 3, 3),)],
        right=lambda z: F.log_softmax(z, 1),
        mistakes={"sums-spread-across-columns": lambda z: z - z.logsumexp(1)},
    )


# Each is lost in one way of computing it, and in none of those that come after it here.
SHARES_OF_ZERO = [[0.0, 1.0, -800.0], [-800.0, 0.5, 0.0]]  # exp of the scores themselves is fine
LARGE = [[10_000.0, 9_999.0, 9_998.5], [9_997.0, 10_000.0, 10_001.0]]
ROWS_FAR_APART = [[10_000.0, 9_999.0, 9_998.5], [-10_000.0, -9_999.0, -9_998.0]]
FAR_APART = [[10_000.0, -10_000.0, 0.0], [-10_000.0, 3_000.0, 10_000.0]]
# A mistake, and where it loses the log-probabilities; the others are right.
LOST_BY = (
    (SHARES_OF_ZERO, "log-of-vanished-share", [[False, False, True], [True, False, False]]),
    (LARGE, "exp-of-large-scores", [[True] * 3] * 2),
    (ROWS_FAR_APART, "largest-of-the-whole-batch", [[False] * 3, [True] * 3]),
)


def stays_finite(answer: Answer, right: Tensor, mistake: str, lost: Tensor) -> None:
    """Require that no number was lost to NaN or infinity, as a mistake loses some."""
    value = answer.value
    gone = ~value.isfinite() if isinstance(value, Tensor) else torch.tensor(False)
    as_by_it = torch.equal(gone, lost) and not difference(value[~gone], right[~lost])
    sentence = "some numbers are NaN or infinite."
    expect(answer).satisfies(not gone.any(), sentence, mistake if as_by_it else None)


def goes_on_beyond(answer: Answer, lowest: float, held_back: bool) -> None:
    """Require that the log of a tiny share is not held back by something added to the share."""
    sentence = "a score 800 below the largest should get a log-probability near -800."
    mistake = "bit-added-to-the-share" if held_back else None
    expect(answer).satisfies(not -100 < lowest < -3, sentence, mistake)


def with_a_bit(shares: Tensor, lowest: float) -> tuple[Tensor, Tensor]:
    """Return logs of shares, none of them below a number: with a bit added, and clamped."""
    bit = math.exp(min(lowest, 0.0))
    return (shares + bit).log(), shares.clamp(min=bit).log()


@points(1)
def test_log_softmax_is_right_for_scores_of_ten_thousand(student: Student) -> None:
    """log_softmax: finite and right for scores of 10,000 and -10,000."""
    for rows, mistake, lost in LOST_BY:
        scores = torch.tensor(rows, dtype=torch.float64)
        answer, right = student.log_softmax(scores), F.log_softmax(scores, 1)
        stays_finite(answer, right, mistake, torch.tensor(lost))
        if rows is SHARES_OF_ZERO:
            logs = expect(answer).tensor(shape=(2, 3))
            lowest = logs.min().item()
            held_back = with_a_bit(scores.softmax(1), lowest)
            held = any(difference(logs, each) is None for each in held_back)
            goes_on_beyond(answer, lowest, held)
        expect(answer).equals(right)
    for dtype in (torch.float64, torch.float32):
        scores = torch.tensor(FAR_APART, dtype=dtype)
        expect(student.log_softmax(scores)).equals(F.log_softmax(scores, 1))


def right_log_softmax(logits: Tensor) -> Tensor:
    """Give what log-softmax gives, with what is open in this exercise."""
    return logits - torch.logsumexp(logits, -1, keepdim=True)


@probe("cross_entropy(logits, labels), with a right `log_softmax` instead of yours,")
def cross_entropy_on_right_log_softmax(student: Any, logits: Tensor, labels: Tensor) -> object:
    """Compute the loss while `log_softmax` is right."""
    with lent(student, "log_softmax", right_log_softmax):
        return student.cross_entropy(logits, labels)


def cross_entropy(student: Student, logits: Tensor, labels: Tensor) -> Answer:
    """Ask for the loss; where only the student's `log_softmax` is wrong, with a right one."""
    right = F.cross_entropy(logits, labels)

    def on_right_log_softmax() -> Answer | None:
        with suppress(SubmissionError):
            answer = cross_entropy_on_right_log_softmax(student, logits, labels)
            return None if difference(answer.value, right) else answer
        return None

    try:
        answer = student.cross_entropy(logits, labels)
    except SubmissionError:
        if lent_one := on_right_log_softmax():
            return lent_one
        raise
    wrong = difference(answer.value, right)
    return (on_right_log_softmax() if wrong else None) or answer


def picked_wrongly(logits: Tensor, labels: Tensor) -> Tensor:
    """Average over every row with every label."""
    return -F.log_softmax(logits, 1)[:, labels].mean()


def yes_no_terms(logits: Tensor, labels: Tensor) -> Tensor:
    """Add what the yes/no loss has for the classes that are not true."""
    true, shares = marked(labels, logits.shape[1]).to(logits.dtype), logits.softmax(1)
    return -(true * shares.log() + (1 - true) * (1 - shares).log()).sum(1).mean()


@points(1)
def test_cross_entropy_is_the_mean_of_minus_the_true_log_probability(student: Student) -> None:
    """cross_entropy: the mean of -log p(true class)."""
    expect_each(
        partial(cross_entropy, student),
        [
            (drawn(31, 5, 4), torch.tensor([2, 0, 2, 3, 0])),
            (drawn(32, 3, 6, dtype=torch.float32), torch.tensor([5, 1, 5])),
        ],
        right=F.cross_entropy,
        mistakes={
            "loss-summed-over-batch": lambda z, y: F.cross_entropy(z, y, reduction="sum"),
            "loss-of-each-image": lambda z, y: F.cross_entropy(z, y, reduction="none"),
            "minus-sign-missing": lambda z, y: -F.cross_entropy(z, y),
            "mean-over-all-cells": lambda z, y: F.cross_entropy(z, y) / z.shape[1],
            "one-half-too-many": lambda z, y: F.cross_entropy(z, y) / 2,
            "every-row-with-every-label": picked_wrongly,
            "most-probable-not-true-class": lambda z, _: F.cross_entropy(z, z.argmax(1)),
            "scores-without-softmax": F.nll_loss,
            "shares-without-their-log": lambda z, y: F.nll_loss(z.softmax(1), y),
            "softmax-taken-twice": lambda z, y: F.cross_entropy(z.softmax(1), y),
            "log-after-the-mean": lambda z, y: -(-F.nll_loss(z.softmax(1), y)).log(),
            "yes-no-loss-for-each-class": yes_no_terms,
            "classes-counted-from-one": lambda z, y: F.cross_entropy(z, (y - 1) % z.shape[1]),
            "log-softmax-over-batch": lambda z, y: F.nll_loss(F.log_softmax(z, 0), y),
            "shares-of-the-whole-batch": lambda z, y: F.nll_loss(z - z.flatten().logsumexp(0), y),
            "logarithm-to-base-two": lambda z, y: F.cross_entropy(z, y) / math.log(2),
            "logarithm-to-base-ten": lambda z, y: F.cross_entropy(z, y) / math.log(10),
            "smallest-score-wins": lambda z, y: F.cross_entropy(-z, y),
            "number-not-tensor": lambda z, y: F.cross_entropy(z, y).item(),
        },
    )


@points(1)
def test_cross_entropy_is_right_for_scores_of_ten_thousand(student: Student) -> None:
    """cross_entropy: finite and right for scores of 10,000 and -10,000."""
    labels, vanished = torch.tensor([2, 1]), torch.tensor([2, 0])
    for rows, mistake, _ in LOST_BY:
        scores = torch.tensor(rows, dtype=torch.float64)
        answer, right = cross_entropy(student, scores, labels), F.cross_entropy(scores, labels)
        stays_finite(answer, right, mistake, torch.tensor(True))
        if rows is SHARES_OF_ZERO:
            loss = expect(answer).tensor(shape=())
            lowest = -expect(cross_entropy(student, scores, vanished)).tensor(shape=()).item()
            held_back = with_a_bit(scores.softmax(1), lowest)
            held = any(difference(loss, F.nll_loss(each, labels)) is None for each in held_back)
            goes_on_beyond(answer, -loss.item(), held)
        expect(answer).equals(right)
    for dtype in (torch.float64, torch.float32):
        scores = torch.tensor(FAR_APART, dtype=dtype)
        expect(cross_entropy(student, scores, labels)).equals(F.cross_entropy(scores, labels))


@points(1)
def test_one_example_is_a_batch_and_arguments_stay_as_they_were(student: Student) -> None:
    """mean_squared_error, one_hot, log_softmax, cross_entropy: work for n = 1; inputs unchanged."""
    column, rows = drawn(41, 1, 1), drawn(42, 1, 3)
    label = torch.tensor([2])
    answers = [
        (student.mean_squared_error(column[0], column + 2), torch.tensor(2.0, dtype=column.dtype)),
        (student.mean_squared_error(rows, rows + 2), torch.tensor(6.0, dtype=rows.dtype)),
        (student.one_hot(label, 4), marked(label, 4)),
        (student.log_softmax(rows), F.log_softmax(rows, 1)),
        (cross_entropy(student, rows, label), F.cross_entropy(rows, label)),
    ]
    for answer, right in answers:
        expect(answer).equals(right)
        expect(answer).leaves_arguments_alone()
