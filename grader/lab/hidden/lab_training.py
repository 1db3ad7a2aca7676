"""Hidden tests of lab_training: the names that its two answer cells leave.

What the model and the criterion give is judged on inputs that drive the scores far from zero: at
the beginning every loss is about log 10, and many mistakes can't be seen. Training is judged by
what the model then sees in digits that are in no sandbox: each is turned, stretched, shifted and
thinned by a seed that only this file gives. A recording of the loop names the mistake where several
leave the same weights; it has a say in four points, where the numbers show that something was
learned.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from grader.suite import after, difference, expect, points
from kit.digits import (
    FIVE_EPOCHS,
    LEARNED,
    as_much_as_five_epochs,
    share_recognised,
    unseen,
    varied,
)
from kit.digits_data import digits_folder
from kit.notebook.criterion import expect_fitting_criterion
from kit.notebook.lab_mistakes import head_mistake, held_mistake, why_too_few, why_untrained
from kit.notebook.lab_training import (
    are_shares,
    model_output,
    names_in,
    number_in,
    one_step,
    pixels,
    scores_in,
    step_lowers_the_loss,
    trained_output,
)
from kit.notebook.layers import expect_layers

if TYPE_CHECKING:
    from grader.suite import Answer, Student

BESIDE_OTHERS = [4, 0, 6, 2]  # the places of images that are shown once more


@points(4)
@after("lab-model")
def test_the_model_gives_log_probabilities(student: Student) -> None:
    """model: ten log-probabilities per image."""
    images = pixels(seed=1, count=7)
    answer, again = model_output(student, images), model_output(student, images[BESIDE_OTHERS])
    given = expect(answer["output"]).tensor(shape=(7, 10))
    expect(answer).satisfies(
        are_shares(given.exp(), dim=1),
        "these are not log-probabilities: `exp` of a row does not add up to 1.",
        head_mistake(given, answer["scores"].value),
    )
    expect(answer).satisfies(
        difference(given[:1].expand(7, 10), given) is not None,
        "every image gets the same answer.",
    )
    expect(again).satisfies(
        difference(again["output"].value, given[BESIDE_OTHERS]) is None,
        "the same image gets a different answer when the model is called with other images.",
    )


@points(2)
@after("lab-model")
def test_the_layers_have_relu_between_them(student: Student) -> None:
    """model: two hidden layers, with ReLU after each."""
    expect_layers(student, pixels(seed=7, count=6))


@points(6)
@after("lab-model")
def test_the_criterion_fits_the_model(student: Student) -> None:
    """criterion, model: together they give the mean cross-entropy of the true labels."""
    answer = model_output(student, pixels(seed=2, count=6))
    output = expect(answer["output"]).tensor(shape=(6, 10))
    batches = [torch.tensor([3, 0, 3, 9, 6, 1]), torch.tensor([8, 2, 7, 2, 5])]
    expect_fitting_criterion(student, output, answer["scores"].value, batches, seed=3)


@points(4)
@after("lab-training")
def test_the_optimizer_holds_the_models_parameters(student: Student) -> None:
    """optimizer: holds all parameters of `model`, and only these."""
    labels = torch.arange(20) % 10
    answer = one_step(student, pixels(seed=5, count=20) / 100, labels)
    names, held = names_in(answer["parameters"]), names_in(answer["held"])
    others = number_in(answer["others"])
    expect(answer).satisfies(
        bool(names) and names == held and others == 0,
        f"`optimizer` holds {len(held)} of the {len(names)} parameters of `model`, and "
        f"{others:.0f} others; it should hold all of them and nothing else.",
        held_mistake(answer),
    )
    expect(answer).satisfies(
        step_lowers_the_loss(answer, labels),
        "one small step on a batch did not lower the loss of `model` on this batch.",
    )


@points(10)
@after("lab-training")
def test_the_model_was_trained(student: Student) -> None:
    """model: recognises new digits, clearly better than an untrained network."""
    learned(student)


@points(4)
@after("lab-training")
def test_the_training_took_five_epochs(student: Student) -> None:
    """model: trained for about five epochs, or as good as after five."""
    answer, share = learned(student)
    epochs = number_in(answer["epochs"])
    enough = epochs >= FIVE_EPOCHS or share >= as_much_as_five_epochs()
    expect(answer).satisfies(
        enough,
        f"`model` was trained for {epochs:.1f} epochs and recognises {share:.0%} of the unseen "
        "digits. The task asks for five epochs.",
        None if enough else why_too_few(answer),
    )


def learned(student: Student) -> tuple[Answer, float]:
    """Require a model that has learned from its images; return the share that it recognises.

    Raises:
        WrongAnswer: it has not.
    """
    images, labels = secret_digits(digits_folder())
    answer = trained_output(student, images)
    share, untrained = (
        share_recognised(scores_in(answer[when], len(labels)), labels)
        for when in ("output", "with other weights")
    )
    expect(answer).satisfies(
        share >= LEARNED,
        f"`model` recognises {share:.0%} of {len(labels)} unseen digits; a trained one recognises "
        f"at least {LEARNED:.0%}, and an untrained one about 10%.",
        why_untrained(answer) if share < LEARNED else None,
    )
    expect(answer).satisfies(
        untrained < max(LEARNED, share / 2),
        f"`model` recognises {untrained:.0%} of {len(labels)} unseen digits even with random "
        "weights, so what it knows is not in its parameters.",
    )
    return answer, share


@cache
def secret_digits(folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images (n, 28, 28) uint8 and labels; whoever can't read this file can't make them.

    Args:
        folder: whose digits they are made from.
    """
    images, labels = unseen(each=100, folder=folder)
    digest = hashlib.sha256(Path(__file__).read_bytes()).digest()
    return varied(images, seed=int.from_bytes(digest[:4])), labels
