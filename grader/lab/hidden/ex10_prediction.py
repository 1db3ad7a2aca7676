"""Hidden tests of ex10_prediction: one image, the accuracy, the confusion matrix.

Whatever is asked shows in numbers: in training mode, the network's dropout layer always silences
the same units, and one of the networks silences others while a graph is built. Answers are judged
in evaluation mode first, and a mistake that another test charges is looked past, so that each costs
its own test alone. Softmax of log-probabilities is the same as exp of them, so both pass.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from grader.suite import expect, expect_beside, expect_each, points
from kit.networks import mixed_pixels

if TYPE_CHECKING:
    from grader.suite import Student

    Tensors = list[torch.Tensor]
    Images = tuple[Tensors, torch.Tensor, torch.Tensor, int]
    Pairs = list[tuple[torch.Tensor, torch.Tensor]]  # log-probabilities and labels of each batch
from kit.prediction.judging import (
    ACCURACY_MISTAKES,
    CONFUSION_MISTAKES,
    PREDICTION_MISTAKES,
    as_they_are,
    by_row,
    confusions,
    image_cases,
    leaves_model_alone,
    loader_cases,
    of_batches,
    of_probabilities,
    right_answers,
    right_or_charged_elsewhere,
    share,
    sure_case,
)
from kit.prediction.probes import (
    RESULTS,
    accuracy,
    accuracy_and_model,
    confusion,
    confusion_and_model,
    prediction,
    prediction_and_model,
)
from kit.solving import solved_for


@points(1)
def test_prediction_is_ten_probabilities(student: Student) -> None:
    """predict: returns the ten probabilities of an image, and does not modify the image."""
    answers = [prediction(student, *case) for case in image_cases()]
    expect_each(
        [answer[RESULTS[False]] for answer in answers],
        image_cases(),
        right=of_probabilities(as_they_are),
        mistakes={
            **{slug: of_probabilities(give) for slug, give in PREDICTION_MISTAKES.items()},
            "each-class-a-one": of_probabilities(torch.ones_like),
        },
    )
    for answer in answers:
        expect(answer).leaves_arguments_alone()


@points(1)
def test_prediction_is_made_without_dropout(student: Student) -> None:
    """predict: dropout is off, even if the model was in training mode."""
    expect_beside(
        lambda *case: prediction(student, *case)[RESULTS[True]],
        **right_or_charged_elsewhere(
            image_cases(), of_probabilities, as_they_are, PREDICTION_MISTAKES
        ),
        mistakes={"dropout-left-on": of_probabilities(as_they_are, dropout=True)},
    )


@points(1)
def test_prediction_leaves_the_model_alone(student: Student) -> None:
    """predict: builds no graph, and leaves the model in the mode it was in."""
    probes = partial(prediction, student), partial(prediction_and_model, student)
    leaves_model_alone(*probes, image_cases(), of_probabilities, as_they_are, PREDICTION_MISTAKES)


@points(2)
def test_accuracy_is_the_share_of_all_images(student: Student) -> None:
    """accuracy: right answers divided by the number of all images, a Python float."""
    cases = [*loader_cases(), sure_case()]
    answers = [accuracy(student, *case)[RESULTS[False]] for case in cases]

    def times(factor: float, *case: Any) -> object:
        return of_batches(lambda pairs: factor * right_answers(pairs))(*case)

    expect_each(
        answers,
        cases,
        right=of_batches(share),
        mistakes=lambda: {
            **{slug: of_batches(mistake) for slug, mistake in ACCURACY_MISTAKES.items()},
            "pixels-of-images-mixed": of_batches(share, flatten=mixed_pixels),
            # each loader has three batches, and a third of the right answers another name
            **solved_for("divided-by-a-constant", times, answers, cases, besides=(0, 1, 1 / 3)),
        },
    )


@points(1)
def test_accuracy_is_found_without_dropout(student: Student) -> None:
    """accuracy: dropout is off, even if the model was in training mode."""
    expect_beside(
        lambda *case: accuracy(student, *case)[RESULTS[True]],
        **right_or_charged_elsewhere(loader_cases(), of_batches, share, ACCURACY_MISTAKES),
        mistakes={"dropout-left-on": of_batches(share, dropout=True)},
    )


@points(1)
def test_accuracy_leaves_the_model_alone(student: Student) -> None:
    """accuracy: builds no graph, and leaves the model in the mode it was in."""
    probes = partial(accuracy, student), partial(accuracy_and_model, student)
    leaves_model_alone(*probes, loader_cases(), of_batches, share, ACCURACY_MISTAKES)


@points(1)
def test_confusions_are_counted_by_true_class(student: Student) -> None:
    """confusion_matrix: row i, column j counts images of class i predicted as class j."""
    expect_each(
        lambda *case: confusion(student, *case)[RESULTS[False]],
        loader_cases(),
        right=of_batches(confusions),
        mistakes={
            **{slug: of_batches(mistake) for slug, mistake in CONFUSION_MISTAKES.items()},
            "rows-normalised": of_batches(by_row),
            "pixels-of-images-mixed": of_batches(confusions, flatten=mixed_pixels),
        },
    )


@points(1)
def test_confusions_are_counted_without_dropout(student: Student) -> None:
    """confusion_matrix: dropout is off, even if the model was in training mode."""
    expect_beside(
        lambda *case: confusion(student, *case)[RESULTS[True]],
        **right_or_charged_elsewhere(loader_cases(), of_batches, confusions, CONFUSION_MISTAKES),
        mistakes={"dropout-left-on": of_batches(confusions, dropout=True)},
    )


@points(1)
def test_counting_confusions_leaves_the_model_alone(student: Student) -> None:
    """confusion_matrix: builds no graph, and leaves the model in the mode it was in."""
    probes = partial(confusion, student), partial(confusion_and_model, student)
    leaves_model_alone(*probes, loader_cases(), of_batches, confusions, CONFUSION_MISTAKES)
