"""Hidden tests of ex09_regression: a loader over a table, a small regressor, and its training.

A loader deals in an order of its own, so its examples are put in the order of their first feature
before they are compared. What it deals is shown by what a known network makes of it: the slopes of
an epoch's loss, and the answer to each example, which tells which one it was. What `fit` leaves in
the model is compared with the path of a plain loop over the same batches, and with the paths of
known mistakes; where several leave the weights as they were, a record of what happened names the
mistake, and decides no points. A mistake that another test charges is looked past.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import torch

from grader.suite import F64_EXACT, difference, expect, expect_beside, points
from kit.loop.trajectory import listed
from kit.networks import tensors
from kit.regression.any_number import answers_follow_the_bias
from kit.regression.bench import (
    each_epoch,
    expect_part,
    expect_weights,
    means_by,
    run_fit,
)
from kit.regression.course import (
    Course,
    course_of,
    network_answers,
    on_course,
)
from kit.regression.known_layers import WITHOUT_A_BIAS, expect_known_answers, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.suite import Student

    Tensors = list[torch.Tensor]
    Table = tuple[torch.Tensor, torch.Tensor, int, Tensors]
    EpochLoss = Callable[["Course", list[float]], object]
from kit.regression.judging import (
    CHARGED_ELSEWHERE,
    LOOP_MISTAKES,
    LR_NOT_HANDED_OVER,
    as_float32,
    fit_cases,
    one_batch_cases,
    repeats,
    sizes,
    slopes,
    tables,
)
from kit.regression.mistakes import (
    COUNT_MISTAKES,
    DIVISOR_MISTAKES,
    EPOCH_LOSS_MISTAKES,
    GRADIENT_MISTAKES,
    OTHER_LOSSES,
    STEP_MISTAKES,
)
from kit.regression.probes import (
    BATCHES,
    GRADIENTS,
    ORDERS,
    answers_by_weights,
    columns,
    layer_sizes,
    one_epoch,
    three_epochs,
)


@points(1)
def test_an_epoch_deals_every_example_once(student: Student) -> None:
    """make_loader: every example once per epoch, with its target, in batches of batch_size."""
    cases = tables(torch.float32, torch.float32)
    answers = [one_epoch(student, *case) for case in cases]
    for answer, case in zip(answers, cases, strict=True):
        unchanged = not difference(answer["arrays"].value, list(case[:2]))
        expect(answer).satisfies(
            unchanged, "an array that was passed in has changed.", "changes-its-arguments"
        )
    expect_part(
        answers,
        cases,
        "batch sizes",
        right=sizes,
        mistakes={
            "last-batch-dropped": lambda *case: sizes(*case)[:-1],
            "batch-size-ignored": lambda features, *_: [1] * len(features),
            "whole-table-at-once": lambda features, *_: [len(features)],
        },
    )
    for answer in answers:
        twice = repeats(answer[BATCHES]["features"])
        sentence = "some examples appear twice in one epoch, and others not at all."
        expect(answer).satisfies(not twice, sentence, "examples-drawn-with-replacement")
    expect_part(
        answers,
        cases,
        BATCHES,
        right=as_float32,
        mistakes={
            "features-and-targets-swapped": columns(lambda x, y: (y, x)),
            "targets-flattened": columns(lambda x, y: (x, y.flatten())),
            "features-standardised": columns(lambda x, y: ((x - x.mean(0)) / x.std(0), y)),
        },
    )
    for answer, (features, targets, *_) in zip(answers, cases, strict=True):
        together = not difference(answer["pairs"].value, targets[features[:, 0].argsort()])
        expect(answer).satisfies(
            together, "examples don't have the targets that belong to them.", "pairs-come-apart"
        )
        expect(answer).satisfies(
            answer["is a TensorDataset"].value is True,
            "the loader's dataset is not a TensorDataset.",
            "no-tensor-dataset",
        )
    expect_part(answers, cases, GRADIENTS, right=slopes)


@points(1)
def test_examples_become_float32(student: Student) -> None:
    """make_loader: features and targets become float32, whatever the dtype of the arrays."""
    cases = tables(torch.float64, torch.int32, torch.uint8, torch.float16)
    answers = [one_epoch(student, *case) for case in cases]
    expect_part(
        answers,
        cases,
        BATCHES,
        right=as_float32,
        mistakes={
            "dtype-of-the-arrays": columns(lambda x, y: (x, y)),
            "dtype-of-the-targets-kept": columns(lambda x, y: (x.float(), y)),
            "targets-as-class-indices": columns(lambda x, y: (x.float(), y.long())),
        },
    )
    expect_part(answers, cases, GRADIENTS, right=slopes)


@points(1)
def test_each_epoch_has_an_order_of_its_own(student: Student) -> None:
    """make_loader: each epoch has a new order."""
    (case,) = tables(torch.float32)
    features, *_, weights = case
    answer = three_epochs(student, *case)
    told = network_answers(weights, features.double()).flatten()
    came = []
    for name in ORDERS:
        each = expect(answer[name]).tensor(dtype=torch.float64).flatten()
        apart, examples = (each[:, None] - told).abs().min(dim=1)
        known = len(each) > 0 and bool((apart < F64_EXACT.relative).all())
        expect(answer).satisfies(known, "the loader returns examples that are not in the arrays.")
        came.append(examples.tolist())
    same = came[0] == came[1] == came[2]
    mistake = "never-shuffled" if came[0] == sorted(came[0]) else "shuffled-once"
    expect(answer).satisfies(not same, "all epochs have the same order.", mistake)
    different = came[0] != came[1] != came[2] != came[0]
    expect(answer).satisfies(different, "two epochs have the same order.")


@points(1)
def test_regressor_leads_over_two_layers_to_any_number(student: Student) -> None:
    """build_regressor: two linear layers, 4 to 2 to 1, with biases; any number is possible."""
    answer = layer_sizes(student, torch.zeros(3, 4))
    sizes_of_mistakes = {
        "one-linear-layer": [[1, 4]],
        "as-wide-as-the-input": [[1, 4], [4, 4]],
        "one-layer-too-many": [[1, 2], [2, 2], [2, 4]],
    }
    came = answer["sizes"].value
    known = [slug for slug, given in sizes_of_mistakes.items() if not difference(came, given)]
    expect(answer).satisfies(
        not difference(came, [[1, 2], [2, 4]]),
        "its weights do not have the sizes of two linear layers, from 4 to 2 and from 2 to 1.",
        next(iter(known), None),
    )
    count = answer["parameters"].value
    is_count = isinstance(count, int)  # a tensor of several numbers is neither more nor less
    sentence = "there are fewer parameters than two layers with biases have."
    mistake = "no-biases" if is_count and count in WITHOUT_A_BIAS else None
    expect(answer).satisfies(is_count and count >= 13, sentence, mistake)
    (features,) = tensors(41, (5, 4))
    answers_follow_the_bias(student, features, torch.tensor([-3.5, 0.25, 2.5]))
    expect_known_answers(answers_by_weights(student, settings()))


@points(2)
def test_a_batch_is_one_step_by_its_mean_squared_error(student: Student) -> None:
    """fit: one batch is one step, with the gradient of its mean squared error."""
    mistakes = {**STEP_MISTAKES, **GRADIENT_MISTAKES}
    expect_weights(student, one_batch_cases(), mistakes, past=COUNT_MISTAKES)


@points(2)
def test_fit_takes_one_step_a_batch_in_every_epoch(student: Student) -> None:
    """fit: goes through the loader once per epoch, with one SGD step per batch."""
    expect_weights(student, fit_cases(), LOOP_MISTAKES, past=STEP_MISTAKES)


@points(1)
def test_fit_gives_one_mean_loss_an_epoch(student: Student) -> None:
    """fit: returns a list of floats, one per epoch: the mean of its batches' losses."""
    cases = fit_cases(lr=0.0)
    answers = [run_fit(student, *case) for case in cases]
    # the loss of the whole table is the mean over examples, too
    once_an_epoch = answers[0]["trace"].text.count("F") == cases[0][3]["epochs"]
    flat = "b" in answers[0]["trace"].text  # a backward pass found slopes of 0
    over_examples = "whole-table-at-once" if once_an_epoch else "weighted-by-batch-size"
    expect_part(
        answers,
        cases,
        "losses",
        right=on_course(Course.means),
        mistakes=lambda: {
            **{slug: each_epoch(mistake) for slug, mistake in EPOCH_LOSS_MISTAKES.items()},
            **{slug: each_epoch(mistake) for slug, mistake in DIVISOR_MISTAKES.items()},
            **{slug: means_by(loss) for slug, loss in OTHER_LOSSES.items()},
            over_examples: on_course(Course.means_over_examples),
            **(
                {"loss-without-slope": on_course(lambda course: [0.0] * course.epochs)}
                if flat
                else {}
            ),
            "sum-not-reset": on_course(Course.means_added_up),
            **listed(answers, [course_of(*case) for case in cases], on_course),
            "losses-of-all-batches": on_course(lambda course: list(chain(*course.losses()))),
            "loss-is-a-tensor": on_course(lambda course: list(torch.tensor(course.means()))),
            "nothing-returned": lambda *_: None,
        },
        past=LR_NOT_HANDED_OVER,
    )


@points(1)
def test_losses_are_measured_while_the_model_learns(student: Student) -> None:
    """fit: each batch's loss is computed before the step on that batch."""
    expect_beside(
        lambda *case: run_fit(student, *case)["losses"],
        fit_cases(),
        right=on_course(Course.means),
        past=CHARGED_ELSEWHERE,
        mistakes={
            "gradients-add-up": on_course(lambda course: course.means(momentum=1.0)),
            "momentum-added": on_course(lambda course: course.means(momentum=0.9)),
            "loss-after-the-step": on_course(lambda course: course.means(late=1)),
            "loss-after-the-epoch": on_course(Course.means_after_epochs),
        },
    )
