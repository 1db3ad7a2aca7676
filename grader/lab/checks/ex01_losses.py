"""Public checks of ex01: run them as often as you like while you write."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from grader.suite import difference, earlier_cause_first, expect, expect_each, shares_of_logs
from kit.kept import keeps_its_arguments
from kit.one_hot.mistakes import marked, one_hot_mistakes
from kit.solving import solved_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.suite import Answer, Student


def two_rows_of_scores() -> Tensor:
    """Return the scores of three classes, for two examples."""
    return torch.tensor([[2.0, 0.0, -1.0], [-3.0, 0.5, 4.0]])


def random_scores(seed: int, *shape: int) -> Tensor:
    """Draw float32 scores of both signs."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def four_rows_of_scores() -> Tensor:
    """Return the scores of five classes, for four examples."""
    return 2 * random_scores(101, 4, 5)


def sum_of_squares(given: Tensor, wanted: Tensor) -> Tensor:
    """Add up all squared differences."""
    return F.mse_loss(given, wanted, reduction="sum")


def right_error(given: Tensor, wanted: Tensor) -> Tensor:
    """Divide the sum by twice the number of examples."""
    return sum_of_squares(given, wanted) / (2 * len(given))


def test_squared_error_of_three_examples(student: Student) -> None:
    """mean_squared_error: errors 1, 2 and 4 in three examples give (1 + 4 + 16) / 6 = 3.5."""
    one = torch.tensor([[1.0, 2.0, 0.0, 5.0], [0.0, 0.0, 7.0, 0.0], [3.0, 4.0, -1.0, 0.0]])
    other = torch.tensor([[2.0, 0.0, 0.0, 5.0], [0.0, 0.0, 7.0, 0.0], [3.0, 0.0, -1.0, 0.0]])
    cases = [(one, other), (torch.arange(15.0).reshape(5, 3), torch.ones(5, 3))]
    answers = [student.mean_squared_error(*case) for case in cases]

    def times(factor: float, given: Tensor, wanted: Tensor) -> Tensor:
        return factor * sum_of_squares(given, wanted)

    expect_each(
        answers,
        cases,
        right=right_error,
        mistakes=lambda: {
            "half-left-out": lambda given, wanted: 2 * right_error(given, wanted),
            "not-divided-by-n": lambda given, wanted: sum_of_squares(given, wanted) / 2,
            "squares-only-added-up": sum_of_squares,
            "divided-by-all-numbers": lambda given, wanted: F.mse_loss(given, wanted) / 2,
            "mean-of-all-squares": F.mse_loss,
            "brackets-missing-in-divisor": lambda given, wanted: (
                sum_of_squares(given, wanted) / 2 * len(given)
            ),
            "root-of-the-loss": lambda given, wanted: right_error(given, wanted).sqrt(),
            "absolute-errors": lambda given, wanted: (
                F.l1_loss(given, wanted, reduction="sum") / (2 * len(given))
            ),
            "errors-not-squared": lambda given, wanted: (wanted - given).sum() / (2 * len(given)),
            "squared-after-the-sum": lambda given, wanted: (
                (wanted.sum() - given.sum()).square() / (2 * len(given))
            ),
            "loss-of-each-example": lambda given, wanted: (
                F.mse_loss(given, wanted, reduction="none").sum(1) / 2
            ),
            "number-not-tensor": lambda given, wanted: right_error(given, wanted).item(),
            **solved_for("n-is-a-constant", times, answers, cases, besides=(0.0, 0.5, 1.0)),
        },
    )


def test_squared_error_of_a_row_and_a_column(student: Student) -> None:
    """mean_squared_error: shapes (3,) and (3, 1) are compared element by element."""
    row, column = torch.tensor([1.0, 2.0, 4.0]), torch.tensor([[1.0], [4.0], [1.0]])
    expect_each(
        student.mean_squared_error,
        [(row, column), (column, row)],
        right=lambda *_: torch.tensor(13 / 6),
        mistakes={"errors-of-all-pairs": lambda given, wanted: (given - wanted).square().sum() / 6},
    )


def test_one_hot_of_three_labels(student: Student) -> None:
    """one_hot: three labels give three rows with a single 1, and one column per class."""
    cases = [(torch.tensor([2, 0, 2]), 4), (torch.tensor([1, 0, 1]), 5)]
    answers = [student.one_hot(*case) for case in cases]
    expect_each(
        answers,
        cases,
        right=marked,
        mistakes=lambda: {
            "width-of-the-largest-label": lambda labels, _: marked(labels, int(labels.max()) + 1),
            **one_hot_mistakes(answers, largest=2),
        },
    )


def largest_becomes_zero(scores: Tensor) -> Tensor:
    """Shift the log-probabilities of each row."""
    right = F.log_softmax(scores, 1)
    return right - right.amax(1, keepdim=True)


LOG_SOFTMAX_MISTAKES: Mapping[str, Callable[[Tensor], Tensor]] = {
    "log-softmax-over-batch": lambda z: F.log_softmax(z, 0),
    "shares-of-the-whole-batch": lambda z: F.log_softmax(z.flatten(), 0).view_as(z),
    "shares-without-their-log": lambda z: F.softmax(z, 1),
    "logarithm-to-base-two": lambda z: F.log_softmax(z, 1) / math.log(2),
    "logarithm-to-base-ten": lambda z: F.log_softmax(z, 1) / math.log(10),
    "sign-of-the-logs-turned": lambda z: -F.log_softmax(z, 1),
    "smallest-score-wins": lambda z: F.log_softmax(-z, 1),
    "largest-score-only-taken-off": largest_becomes_zero,
}


def test_log_softmax_of_two_rows(student: Student) -> None:
    """log_softmax: the probabilities of each row add up to 1."""
    right = partial(F.log_softmax, dim=1)
    two, four = two_rows_of_scores(), four_rows_of_scores()
    # only as many rows as classes let sums of the wrong shape through
    cases = [(two[:, :2],), (four[:, :4],)]
    answers = [student.log_softmax(*case) for case in cases]

    def sum_in_another_base(factor: float, z: Tensor) -> Tensor:
        shifted = z - z.amax(1, keepdim=True)
        return shifted - factor * (shifted - right(shifted))

    expect_each(
        answers,
        cases,
        right=right,
        mistakes=lambda: {
            **LOG_SOFTMAX_MISTAKES,
            "sums-spread-across-columns": lambda z: z - (z - right(z)).T,
            **solved_for(
                "logarithm-of-the-sum-in-another-base",
                sum_in_another_base,
                answers,
                cases,
                besides=(0.0, 1.0),
            ),
        },
        draw=shares_of_logs,
    )
    expect_each(student.log_softmax, [(two,), (four,)], right, LOG_SOFTMAX_MISTAKES)


def test_log_softmax_of_any_dimensions(student: Student) -> None:
    """log_softmax: runs over the last dimension of tensors with 1, 2 and 3 dimensions."""
    with earlier_cause_first(partial(test_log_softmax_of_two_rows, student)):
        expect_each(
            student.log_softmax,
            [(random_scores(104, 2, 4, 3),), (random_scores(105, 3, 2, 5),)],
            right=partial(F.log_softmax, dim=-1),
            mistakes={
                "log-softmax-over-batch": partial(F.log_softmax, dim=0),
                "second-dimension-not-last": partial(F.log_softmax, dim=1),
            },
        )
        scores = random_scores(106, 5)
        expect(student.log_softmax(scores)).equals(F.log_softmax(scores, 0))


def stays_finite(answer: Answer, right: Tensor, mistake: str, lost: Tensor) -> None:
    """Require finite numbers; a mistake loses some, and the others are right."""
    value = answer.value
    gone = ~value.isfinite() if isinstance(value, Tensor) else torch.tensor(False)
    as_by_it = torch.equal(gone, lost) and not difference(value[~gone], right[~lost])
    sentence = "some numbers are NaN or infinite."
    expect(answer).satisfies(not gone.any(), sentence, mistake if as_by_it else None)


def goes_on_beyond(answer: Answer) -> None:
    """Require logs of two tiny shares, and not the same one for both: something was added then."""
    first, most, second = expect(answer).tensor(shape=(1, 3))[0].tolist()
    same = first == second and abs(most) < 0.1
    sentence = "a score 900 below the largest should get a log-probability near -900."
    mistake = "bit-added-to-the-share" if same else None
    expect(answer).satisfies(not -100 < min(first, second) < -3, sentence, mistake)


# Each is lost in one way of computing it, and in none of those that come after it here.
SHARES_OF_ZERO = [[-900.0, 0.0, -700.0]]
# A mistake, and where it loses the log-probabilities.
LOST_BY = (
    (SHARES_OF_ZERO, "log-of-vanished-share", [[True, False, True]]),
    ([[900.0, 0.0]], "exp-of-large-scores", [[True, True]]),
    ([[900.0, 0.0], [-900.0, -901.0]], "largest-of-the-whole-batch", [[False] * 2, [True] * 2]),
)


def test_log_softmax_of_a_large_score(student: Student) -> None:
    """log_softmax: works for scores of 10,000 and for scores far apart."""
    for rows, mistake, lost in LOST_BY:
        scores = torch.tensor(rows)
        answer = student.log_softmax(scores)
        stays_finite(answer, F.log_softmax(scores, 1), mistake, torch.tensor(lost))
        if rows is SHARES_OF_ZERO:
            goes_on_beyond(answer)
    scores = torch.tensor([[10_000.0, 0.0, -10_000.0]])
    expect(student.log_softmax(scores)).equals(F.log_softmax(scores, 1))


def shares_picked(scores: Tensor, labels: Tensor) -> Tensor:
    """Average the true classes' probabilities."""
    return -F.nll_loss(F.softmax(scores, 1), labels)


def each_with_every_label(scores: Tensor, labels: Tensor) -> Tensor:
    """Pair all rows with all labels."""
    n = len(labels)
    return F.cross_entropy(scores.repeat_interleave(n, 0), labels.repeat(n))


def yes_or_no(scores: Tensor, labels: Tensor) -> Tensor:
    """Ask about each class on its own."""
    true = F.one_hot(labels, scores.shape[1]).float()
    return F.binary_cross_entropy(F.softmax(scores, 1), true, reduction="sum") / len(labels)


CROSS_ENTROPY_MISTAKES: Mapping[str, Callable[[Tensor, Tensor], object]] = {
    "loss-summed-over-batch": partial(F.cross_entropy, reduction="sum"),
    "loss-of-each-image": partial(F.cross_entropy, reduction="none"),
    "minus-sign-missing": lambda z, y: -F.cross_entropy(z, y),
    "mean-over-all-cells": lambda z, y: F.cross_entropy(z, y) / z.shape[1],
    "one-half-too-many": lambda z, y: F.cross_entropy(z, y) / 2,
    "every-row-with-every-label": each_with_every_label,
    "most-probable-not-true-class": lambda z, _: F.cross_entropy(z, z.argmax(1)),
    "scores-without-softmax": F.nll_loss,
    "shares-without-their-log": lambda z, y: -shares_picked(z, y),
    "softmax-taken-twice": lambda z, y: F.cross_entropy(F.softmax(z, 1), y),
    "log-after-the-mean": lambda z, y: -shares_picked(z, y).log(),
    "yes-no-loss-for-each-class": yes_or_no,
    "classes-counted-from-one": lambda z, y: F.cross_entropy(z.roll(1, 1), y),
    "log-softmax-over-batch": lambda z, y: F.nll_loss(F.log_softmax(z, 0), y),
    "shares-of-the-whole-batch": lambda z, y: F.nll_loss(
        F.log_softmax(z.flatten(), 0).view_as(z), y
    ),
    "logarithm-to-base-two": lambda z, y: F.cross_entropy(z, y) / math.log(2),
    "logarithm-to-base-ten": lambda z, y: F.cross_entropy(z, y) / math.log(10),
    "smallest-score-wins": lambda z, y: F.cross_entropy(-z, y),
    "number-not-tensor": lambda z, y: F.cross_entropy(z, y).item(),
}


def test_cross_entropy_of_two_examples(student: Student) -> None:
    """cross_entropy: the mean of -log p(true class)."""
    with earlier_cause_first(partial(test_log_softmax_of_two_rows, student)):
        expect_each(
            student.cross_entropy,
            [
                (two_rows_of_scores(), torch.tensor([2, 0])),
                (four_rows_of_scores(), torch.tensor([3, 0, 3, 2])),
            ],
            right=F.cross_entropy,
            mistakes=CROSS_ENTROPY_MISTAKES,
        )


def test_cross_entropy_of_a_large_score(student: Student) -> None:
    """cross_entropy: works for scores of 10,000 and for scores far apart."""
    milder = earlier_cause_first(partial(test_cross_entropy_of_two_examples, student))
    with milder, earlier_cause_first(partial(test_log_softmax_of_a_large_score, student)):
        for rows, mistake, _ in LOST_BY:
            scores, labels = torch.tensor(rows), torch.zeros(len(rows), dtype=torch.int64)
            answer, right = student.cross_entropy(scores, labels), F.cross_entropy(scores, labels)
            stays_finite(answer, right, mistake, torch.tensor(True))
            if rows is SHARES_OF_ZERO:
                both_go_on(answer, student.cross_entropy(scores, labels + 2))
            expect(answer).equals(right)
        scores, labels = torch.tensor([[10_000.0, 0.0, -10_000.0]]), torch.tensor([2])
        expect(student.cross_entropy(scores, labels)).equals(F.cross_entropy(scores, labels))


def both_go_on(first: Answer, last: Answer) -> None:
    """Require losses of two tiny shares; the same one for both shows that something was added."""
    one, other = (expect(each).tensor(shape=()).item() for each in (first, last))
    sentence = "if the true class has a score 900 below the largest, the loss should be about 900."
    mistake = "bit-added-to-the-share" if one == other else None
    expect(first).satisfies(not 3 < max(one, other) < 100, sentence, mistake)


def test_what_they_are_given_stays_as_it_was(student: Student) -> None:
    """mean_squared_error, one_hot, log_softmax, cross_entropy: keep dtypes, change no argument."""
    row, label = random_scores(107, 1, 4).double(), torch.tensor([3])
    keeps_its_arguments(student.one_hot(label, 4), marked(label, 4))
    answers = (
        (student.mean_squared_error(row, row + 2), torch.tensor(8.0)),
        (student.mean_squared_error(row[0], row.T + 2), torch.tensor(2.0)),
        (student.log_softmax(row), F.log_softmax(row, 1)),
        (student.cross_entropy(row, label), F.cross_entropy(row, label)),
    )
    for answer, right in answers:
        if isinstance(answer.value, Tensor) and answer.value.dtype != row.dtype:
            expect(answer).equals(right.to(row.dtype))
        keeps_its_arguments(answer, right)
