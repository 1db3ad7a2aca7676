"""Hidden tests of lab_training: the names that its two answer cells leave.

What the model and the criterion give is judged on images that drive the scores far from zero: at
the beginning every loss is about log 10, and many mistakes can't be seen. Training is judged by
what the model then sees in digits that no training set holds. A recording of the loop names the
mistake where several leave the same weights; it decides no points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from grader.judge.difference import difference
from grader.judge.digits import LEARNED, share_recognised, unseen
from grader.judge.expect import expect, expect_each
from grader.judge.lab_mistakes import head_mistake, held_mistake, loss_mistakes, why_untrained
from grader.judge.lab_training import (
    are_shares,
    criterion_values,
    fitting_loss,
    model_output,
    names_in,
    number_in,
    pixels,
    scores_in,
    trained_output,
    what_is_held,
)
from grader.judge.suite import after, points

if TYPE_CHECKING:
    from grader.judge.student import Student


@points(6)
@after("lab-model")
def test_the_model_gives_log_probabilities(student: Student) -> None:
    """`model` gives ten log-probabilities for each image."""
    answer = model_output(student, pixels(seed=1, count=7))
    given = expect(answer["output"]).tensor(shape=(7, 10))
    expect(answer).satisfies(
        are_shares(given.exp(), dim=1),
        "the exponentials of a row do not add up to 1, so a row is no ten log-probabilities.",
        head_mistake(given, answer["scores"].value),
    )
    expect(answer).satisfies(
        difference(given[:1].expand(7, 10), given) is not None,
        "every image gets the same answer.",
    )


@points(6)
@after("lab-model")
def test_the_criterion_fits_the_model(student: Student) -> None:
    """`criterion` turns what the model gives into the mean cross-entropy of the true labels."""
    batches = [torch.tensor([3, 0, 3, 9, 6, 1]), torch.tensor([8, 2, 7, 2, 5])]
    answers = [
        criterion_values(student, pixels(seed=seed, count=len(labels)), labels)
        for seed, labels in enumerate(batches, start=2)
    ]
    outputs = [
        expect(answer["output"]).tensor(shape=(len(labels), 10))
        for answer, labels in zip(answers, batches, strict=True)
    ]
    known = [loss_mistakes(*pair) for pair in zip(answers, batches, strict=True)]
    expect_each(
        lambda place: answers[place]["loss"],
        [(place,) for place in range(len(batches))],
        right=lambda place: fitting_loss(outputs[place], batches[place]),
        mistakes={
            slug: lambda place, slug=slug: known[place][slug]
            for slug in known[0].keys() & known[1].keys()
        },
    )


@points(4)
@after("lab-training")
def test_the_optimizer_holds_the_models_parameters(student: Student) -> None:
    """`optimizer` holds all parameters of `model`, and no others."""
    answer = what_is_held(student)
    names, held = names_in(answer["parameters"]), names_in(answer["held"])
    others = number_in(answer["others"])
    expect(answer).satisfies(
        bool(names) and names == held and others == 0,
        f"it holds {len(held)} of the {len(names)} parameters of `model`, and {others} that are "
        "not; expected all of them, and no others.",
        held_mistake(answer),
    )


@points(14)
@after("lab-training")
def test_the_model_was_trained(student: Student) -> None:
    """`model` recognises digits that it has not seen, clearly better than an untrained network."""
    images, labels = unseen(each=100)
    answer = trained_output(student, images)
    share = share_recognised(scores_in(answer["output"], len(labels)), labels)
    expect(answer).satisfies(
        share >= LEARNED,
        f"{share:.0%} of {len(labels)} unseen digits stand out as what they are; expected at least "
        f"{LEARNED:.0%}. An untrained network comes to about 10%.",
        why_untrained(answer),
    )
