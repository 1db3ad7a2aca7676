"""Public checks of lab_training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from grader.suite import after, confusion_of, digit_row, expect, loss_curves
from kit.digits import (
    FIVE_EPOCHS,
    LEARNED,
    as_much_as_five_epochs,
    lesson_losses,
    share_recognised,
    unseen,
)
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
    from grader.suite import Student

SHOWN = 10  # digits in the report, one of each kind


@after("lab-model")
def test_the_model_gives_log_probabilities(student: Student) -> None:
    """model: ten log-probabilities per image."""
    answer = model_output(student, pixels(seed=101, count=5))
    given = expect(answer["output"]).tensor(shape=(5, 10))
    sums = ", ".join(f"{each:.4g}" for each in given.exp().sum(dim=1).tolist())
    expect(answer).satisfies(
        are_shares(given.exp(), dim=1),
        f"exp of each row should add up to 1; for these five images it adds up to {sums}.",
        head_mistake(given, answer["scores"].value),
    )


@after("lab-model")
def test_the_layers_have_relu_between_them(student: Student) -> None:
    """model: two hidden layers, with ReLU after each."""
    expect_layers(student, pixels(seed=107, count=4))


@after("lab-model")
def test_the_criterion_fits_the_model(student: Student) -> None:
    """criterion, model: together they give the mean cross-entropy of the true labels."""
    answer = model_output(student, pixels(seed=102, count=4))
    output = expect(answer["output"]).tensor(shape=(4, 10))
    batches = [torch.tensor([7, 2, 2, 5]), torch.tensor([4, 0, 9, 4, 1])]
    expect_fitting_criterion(student, output, answer["scores"].value, batches, seed=103)


@after("lab-training")
def test_the_optimizer_holds_the_models_parameters(student: Student) -> None:
    """optimizer: holds all parameters of `model`, and only these."""
    labels = torch.arange(10)
    answer = one_step(student, pixels(seed=105, count=10) / 100, labels)
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
        "one small step on ten images did not lower the loss of `model` on them.",
    )


@after("lab-training")
def test_the_model_was_trained(student: Student) -> None:
    """model: recognises new digits, clearly better than an untrained network."""
    images, labels = unseen(each=30, skip=100)
    answer = trained_output(student, images)
    scores = scores_in(answer["output"], len(labels))
    few = torch.arange(0, len(labels), max(len(labels) // SHOWN, 1))
    answer.show(
        digit_row(images[few], labels[few].tolist(), scores[few].softmax(dim=1)),
        confusion_of(scores, labels),
        loss_curves(answer["losses"].value, lesson_losses(), "part of the training", alike=False),
    )
    share = share_recognised(scores, labels)
    expect(answer).satisfies(
        share >= LEARNED,
        f"your model recognises {share:.0%} of {len(labels)} new digits; a trained one recognises "
        f"at least {LEARNED:.0%}. Does the loss that your loop prints fall?",
        why_untrained(answer) if share < LEARNED else None,
    )


@after("lab-training")
def test_the_training_took_five_epochs(student: Student) -> None:
    """model: trained for about five epochs, or as good as after five."""
    images, labels = unseen(each=30, skip=100)
    answer = trained_output(student, images)
    share = share_recognised(scores_in(answer["output"], len(labels)), labels)
    epochs = number_in(answer["epochs"])
    enough = epochs >= FIVE_EPOCHS or share >= as_much_as_five_epochs()
    why = why_untrained if share < LEARNED else why_too_few
    expect(answer).satisfies(
        share >= LEARNED and enough,
        f"your model was trained for {epochs:.1f} epochs and recognises {share:.0%} of "
        f"{len(labels)} new digits. The task asks for five epochs.",
        None if share >= LEARNED and enough else why(answer),
    )
