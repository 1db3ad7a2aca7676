"""Public checks of the notebook about two rings."""

import torch

from grader.suite import after, expect, session

scores_of = session("", "model(points)")


@after("rings-model")
def test_model_takes_points(student):
    """model: takes three points, returns two scores for each."""
    answer = scores_of(student, points=torch.tensor([[0.0, 0.4], [1.4, 0.0], [-1.0, 1.0]]))
    expect(answer).tensor((3, 2))
    assert answer.value.std() > 0, "The scores are all the same."


@after("rings-training")
def test_the_loss_goes_down(student):
    """losses: a list of Python floats, at most half as large at the end as at the beginning."""
    losses = student["losses"].value
    assert all(isinstance(loss, float) for loss in losses), "Use loss.item() for each step."
    assert losses[-1] < losses[0] / 2, "The loss must at least be halved."


@after("rings-question")
def test_the_answer_is_a_letter(student):
    """choice: one of the letters a, b, c, d."""
    assert student["choice"].value in {"a", "b", "c", "d"}, "Write one letter in quotes."
