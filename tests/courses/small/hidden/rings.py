"""Hidden tests of the notebook about two rings."""

import torch

from grader.suite import after, expect, points, session
from kit.points import are_shares, lie_on_a_plane, on_lines, rings

scores_of = session("model.eval()", "model(points)")


@points(2)
@after("rings-model")
def test_model_returns_scores(student):
    """model: two raw scores per point, and not a straight line."""
    answer = scores_of(student, points=on_lines(seed=1).reshape(-1, 2))
    scores = expect(answer).tensor((15, 2))
    expect(answer).satisfies(
        not are_shares(scores),
        "these are probabilities or their logarithms, not scores.",
        mistake="softmax-in-the-model",
    )
    expect(answer).satisfies(
        not lie_on_a_plane(scores),
        "the scores lie on a plane, so the border is a straight line.",
        mistake="no-activation" if scores.std() > 0 else None,
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
    numbers = [expect(answer[place]).number() for place in range(len(losses))]
    assert len(numbers) > 1, "`losses` must have one loss per step."
    expect(answer).satisfies(len({*numbers}) > 1, "the loss never changes.", "never-steps")
    assert numbers[-1] < numbers[0], "The last loss must be below the first."


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
