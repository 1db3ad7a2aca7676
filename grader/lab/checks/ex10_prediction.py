"""Public checks of ex10_prediction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import torch

from grader.suite import confusion, expect, expect_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student

    Counts = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
from kit.modes import TRAINING, only
from kit.prediction.checking import (
    ACCURACY_MISTAKES,
    CONFUSION_MISTAKES,
    PREDICTION_MISTAKES,
    SHOWN,
    accuracy,
    by_image,
    compares_probabilities,
    confusions,
    counted,
    digits_and_labels,
    draw_predictions,
    hits,
    images_of,
    meets_labels,
    predictions,
    scores_of,
    share,
)
from kit.prediction.promises import expect_models_left_alone
from kit.solving import solved_for


def test_prediction_gives_ten_probabilities(student: Student) -> None:
    """predict: ten probabilities for an image, with dropout off."""
    shown = torch.tensor(SHOWN)
    answer = predictions(student, images_of(shown))
    rows = list(scores_of(shown).softmax(dim=1))
    wrong = {
        slug: by_image(list(map(change, rows))) for slug, change in PREDICTION_MISTAKES.items()
    }
    right = by_image(rows)
    expect(only(answer, right), draw_predictions).equals(right, wrong)
    expect(answer[TRAINING[True]]).equals(True, mistakes={"left-in-evaluation-mode": False})


def test_accuracy_is_the_share_of_right_answers(student: Student) -> None:
    """accuracy: 4 of 6 images right give 4/6, and 7 of 12 others give 7/12."""
    cases = digits_and_labels()
    answers = [accuracy(student, images_of(shown), labels, 1.0) for shown, labels in cases]

    def times(factor: float, shown: torch.Tensor, labels: torch.Tensor) -> float:
        return factor * hits(shown, labels).sum().item()

    unlike = {"probabilities-compared-with-labels": partial(meets_labels, 1.0)}
    expect_each(
        answers,
        cases,
        right=share(hits),
        mistakes=lambda: {
            **ACCURACY_MISTAKES,
            **(unlike if compares_probabilities(student) else {}),
            **solved_for("divided-by-a-constant", times, answers, cases, besides=(0.0, 1.0)),
        },
    )


def test_confusion_matrix_has_a_row_for_each_true_class(student: Student) -> None:
    """confusion_matrix: rows are true classes, columns are predictions, entries are counts."""
    expect_each(
        lambda shown, labels: confusions(student, images_of(shown), labels),
        digits_and_labels()[:1],
        right=counted,
        mistakes=CONFUSION_MISTAKES,
        draw=confusion,
    )


def test_promises_are_kept(student: Student) -> None:
    """predict, accuracy, confusion_matrix: build no graph, and leave the model in its mode."""
    expect_models_left_alone(student)
