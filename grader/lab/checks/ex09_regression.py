"""Public checks of ex09_regression."""

from __future__ import annotations

from functools import partial
from itertools import accumulate, chain
from typing import TYPE_CHECKING

import torch

from grader.suite import earlier_cause_first, expect, expect_each, loss_curves
from kit.networks import tensors
from kit.regression.any_number import answers_follow_the_bias
from kit.regression.bench import each_epoch, expect_weights, run_fit
from kit.regression.course import Course, fit_case, on_course, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student

    EpochLoss = Callable[[Course, list[float]], object]
from kit.regression.checking import (
    CLOSE,
    EPOCHS,
    LOOP_MISTAKES,
    SORTED,
    answers,
    by_name,
    expect_every_row_once,
    in_order,
    places_of,
    two_epochs,
)
from kit.regression.known_layers import WITHOUT_A_BIAS
from kit.regression.mistakes import DIVISOR_MISTAKES, EPOCH_LOSS_MISTAKES, GRADIENT_MISTAKES


def test_the_loader_deals_float32_columns(student: Student) -> None:
    """make_loader: batches are float32, features (batch, d) and targets (batch, 1)."""
    features, targets = table(121, 8, 2)
    features = features.round()
    answer = two_epochs(student, features.long(), targets)
    expect_every_row_once(answer[SORTED]["features"], len(features))
    x, y = in_order(features), in_order(targets)
    given, wanted = x.float(), y.float()
    wrong = {
        "dtype-of-the-arrays": (x.long(), y),
        "dtype-of-the-targets-kept": (given, y),
        "targets-as-class-indices": (given, y.long()),
        "features-and-targets-swapped": (wanted, given),
        "targets-flattened": (given, wanted.flatten()),
        "features-standardised": ((given - given.mean(0)) / given.std(0), wanted),
    }
    expect(answer[SORTED]).equals(
        by_name((given, wanted)), {slug: by_name(columns) for slug, columns in wrong.items()}
    )


def test_the_loader_keeps_the_pairs_in_a_new_order(student: Student) -> None:
    """make_loader: each epoch has a new order, and each target stays with its features."""
    features, targets = table(122, 12, 2)
    answer = two_epochs(student, features, targets)
    orders = []
    for name in EPOCHS:
        came = answer[name]["features"]
        rows = expect(came).tensor(shape=(12, 2), dtype=torch.float32)
        order = places_of(rows, features)
        orders.append(order)
        expect(came).equals(features[order].float())
        beside = expect(answer[name]["targets"]).tensor(shape=(12, 1), dtype=torch.float32)
        same_ones = bool((in_order(beside) - in_order(targets)).abs().max() < CLOSE)
        expect(answer).satisfies(same_ones, "its targets are not those that were passed in.")
        expect(answer).satisfies(
            bool((beside - targets[order]).abs().max() < CLOSE),
            "features are paired with the target of another example.",
            "pairs-come-apart",
        )
    same = orders[0] == orders[1]
    mistake = "never-shuffled" if orders[0] == list(range(12)) else "shuffled-once"
    expect(answer).satisfies(not same, "both epochs have the same order.", mistake)


def test_the_regressor_answers_with_one_number(student: Student) -> None:
    """build_regressor: two linear layers, 4 to 2 to 1; the answers have the shape (n, 1)."""
    answer = answers(student, torch.ones(3, 4))
    came = answer["the output"].value
    flat = isinstance(came, torch.Tensor) and came.shape == (3,)
    sentence = "the output has shape (3,); expected a column, shape (3, 1)."
    expect(answer).satisfies(not flat, sentence, "answer-flattened")
    expect(answer["the output"]).tensor(shape=(3, 1), dtype=torch.float32)
    count = answer["parameters"].value
    count = count if isinstance(count, int) else 0
    expect(answer).satisfies(
        count >= 13,
        f"it has {count} parameters; two layers 4 -> 2 -> 1 with biases have 13.",
        {5: "one-linear-layer", **dict.fromkeys(WITHOUT_A_BIAS, "no-biases")}.get(count),
    )


def test_fit_takes_one_step_a_batch(student: Student) -> None:
    """fit: one step per batch, with the gradient of its mean squared error."""
    case = fit_case(123, (4, 3), n=11, batch_size=3, epochs=3, lr=0.05)
    expect_weights(student, [case], {**LOOP_MISTAKES, **GRADIENT_MISTAKES})


def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """fit: returns one loss per epoch, the mean of its batches' losses."""
    cases = [fit_case(124, (4, 2), n=17, batch_size=5, epochs=epochs, lr=0.05) for epochs in (8, 6)]
    expect_each(
        lambda *case: run_fit(student, *case)["losses"],
        cases,
        right=on_course(Course.means),
        mistakes={
            **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
            **{slug: each_epoch(mistake) for slug, mistake in DIVISOR_MISTAKES.items()},
            "weighted-by-batch-size": on_course(Course.means_over_examples),
            "loss-after-the-step": on_course(lambda course: course.means(late=1)),
            "loss-after-the-epoch": on_course(Course.means_after_epochs),
            "sum-not-reset": on_course(lambda course: list(accumulate(course.means()))),
            "list-made-anew": on_course(lambda course: course.means()[-1:]),
            "last-epoch-only": on_course(lambda course: course.means()[-1]),
            "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
            "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
            "nothing-returned": lambda *_: None,
        },
        draw=partial(loss_curves, step="epoch"),
    )


def test_promises_are_kept(student: Student) -> None:
    """make_loader, build_regressor: a TensorDataset, unchanged arrays; any answer is possible."""
    with earlier_cause_first(partial(test_the_loader_deals_float32_columns, student)):
        answer = two_epochs(student, *table(125, 7, 3))
        expect(answer).satisfies(
            answer["is a TensorDataset"].value is True,
            "the loader's dataset is not a TensorDataset.",
            "no-tensor-dataset",
        )
        expect(answer).leaves_arguments_alone()
    with earlier_cause_first(partial(test_the_regressor_answers_with_one_number, student)):
        (features,) = tensors(126, (3, 4))
        answers_follow_the_bias(student, features, torch.tensor([-2.0, 0.5, 4.0]))
