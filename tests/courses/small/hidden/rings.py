"""Hidden tests of the notebook about two rings."""

import torch

from grader.suite import after, expect, points, session
from kit.points import on_lines, rings

scores_of = session("model.eval()", "model(points)")


@points(2)
@after("rings-model")
def test_model_returns_scores(student):
    """model: two raw scores per point, and not a straight line."""
    lines = on_lines(seed=1)
    answer = scores_of(student, points=lines.reshape(-1, 2))
    one, other, halfway = expect(answer).tensor((15, 2)).reshape(3, 5, 2)
    sums = answer.value.exp().sum(1), answer.value.sum(1)
    shares = any(torch.allclose(each, torch.ones(15)) for each in sums)
    expect(answer).satisfies(
        not shares,
        "they are probabilities or their logarithms, not scores.",
        "softmax-in-the-model",
    )
    straight = torch.allclose((one + other) / 2, halfway, atol=1e-4)
    expect(answer).satisfies(
        not straight,
        "the scores lie on a plane, so the border is a straight line.",
        "no-activation",
    )


@points(1)
@after("rings-training")
def test_losses_are_kept_as_numbers(student):
    """losses: one Python float per step, and the last is below the first."""
    answer = student["losses"]
    losses = answer.value
    assert isinstance(losses, list), "`losses` must be a list, one loss per step."
    tensors = any(isinstance(each, torch.Tensor) for each in losses)
    expect(answer).satisfies(not tensors, "it holds tensors.", "losses-are-tensors")
    first, last = expect(answer[0]).number(), expect(answer[len(losses) - 1]).number()
    expect(answer).satisfies(first != last, "the loss never changes.", "never-steps")
    assert last < first, "The last loss must be below the first."


@points(5)
@after("rings-training")
def test_new_points_are_recognised(student):
    """model: after training, it tells new points of the two rings apart."""
    unseen, labels = rings(seed=2)
    answer = scores_of(student, points=unseen)
    guesses = expect(answer).tensor((600, 2)).argmax(1)
    right = (guesses == labels).double().mean().item()
    expect(answer).reaches(
        right, {0.8: 0.4, 0.9: 0.7, 0.97: 1}, f"the model gets {right:.1%} of 600 new points right."
    )


@points(2)
@after("rings-question")
def test_answer_to_the_question(student):
    """choice: what doubling the last layer changes."""
    expect(student["choice"]).equals(
        "b",
        mistakes={
            "scaling-changes-nothing": "a",
            "loss-only-counts-guesses": "c",
            "scaling-changes-the-guess": "d",
        },
    )
