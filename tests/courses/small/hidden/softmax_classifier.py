"""Hidden tests of the softmax classifier."""

import numpy as np
import pytest

from grader.suite import expect, expect_each, expect_raises, points, session
from kit.classifier import batch, descended, random_model
from kit.scores import loss, random_scores, softmax, softmax_of_all, softmax_of_columns

three_steps = session(
    "model = SoftmaxClassifier(4, 3); losses = [model.step(x, labels) for _ in range(3)]",
    "{'losses': losses, 'weights': model.weights, 'bias': model.bias}",
)
guesses = session("net = SoftmaxClassifier(4, 3); net.weights, net.bias = W, b", "net.predict(x)")
SCORES = random_scores(seed=1)
FAR_ROWS = np.array([[10_000], [-10_000]])
FAR_APART = np.array([[1000.0, 0.0, 1000.0], [0.0, 1000.0, 0.0]])
BATCHES = [(SCORES, np.array([3, 0, 0, 2, 3])), (SCORES[1:3], np.array([1, 2]))]


@points(2)
def test_each_row_becomes_probabilities(student):
    """softmax: the probabilities of each row add up to 1, also for scores of 10,000."""
    expect_each(
        student.softmax,
        [(SCORES,), (SCORES[:2] + FAR_ROWS,), (FAR_APART,)],
        right=softmax,
        mistakes={
            "softmax-over-batch": softmax_of_columns,
            "softmax-over-everything": softmax_of_all,
        },
    )


@points(1)
@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_only_rows_are_accepted(student, shape):
    """softmax: scores of one or three dimensions raise a ValueError."""
    expect(student.softmax(SCORES)).array(SCORES.shape)
    expect_raises(student.softmax, (np.ones(shape),), ValueError, mistake="dimensions-not-checked")


@points(1)
def test_loss_of_a_batch(student):
    """cross_entropy: the mean of -log p(true class) over the batch."""
    expect_each(
        student.cross_entropy,
        BATCHES,
        right=loss,
        mistakes={"sum-not-mean": lambda scores, labels: len(scores) * loss(scores, labels)},
    )


@points(1)
def test_loss_with_label_smoothing(student):
    """cross_entropy: label smoothing gives all classes a part of the target."""
    expect_each(
        lambda scores, labels: student.cross_entropy(scores, labels, smoothing=0.3),
        BATCHES,
        right=lambda scores, labels: loss(scores, labels, 0.3),
        mistakes={
            "smoothing-ignored": loss,
            "smoothing-spares-the-true-class": lambda *case: loss(*case, 0.3 * 4 / 3),
        },
    )


@points(1)
def test_far_scores_have_a_finite_loss(student):
    """cross_entropy: finite where two scores differ by 1,000."""
    answer = student.cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    infinite = isinstance(answer.value, float) and answer.value == np.inf
    expect(answer).satisfies(not infinite, "log(0) is -infinity.", "log-after-softmax")
    expect(answer).equals(1000.0)
    rows_apart = np.array([[1000.0, 0.0], [0.0, -1000.0]])
    expect(student.cross_entropy(rows_apart, np.array([1, 1]))).equals(1000.0)


@points(2)
def test_steps_go_down_and_are_kept(student):
    """SoftmaxClassifier.step: three steps of size LEARNING_RATE, one after the other."""
    x, labels = batch(seed=2)
    rate = expect(student["LEARNING_RATE"]).number()
    assert 0.01 <= rate <= 10, "LEARNING_RATE must be from 0.01 to 10."
    expect(three_steps(student, x=x, labels=labels)).equals(
        descended(x, labels, rate),
        mistakes={
            "gradient-not-averaged": descended(x, labels, rate * len(x)),
            "step-uphill": descended(x, labels, -rate),
            "bias-not-learned": descended(x, labels, rate, learns_bias=False),
            "loss-after-the-step": {"losses": descended(x, labels, rate, steps=4)["losses"][1:]},
        },
    )


@points(1)
def test_highest_score_is_the_guess(student):
    """SoftmaxClassifier.predict: the class with the highest score, for each row."""
    x, weights, bias = random_model(seed=3)
    scores = x @ weights + bias
    expect(guesses(student, x=x, W=weights, b=bias)).equals(
        scores.argmax(1),
        {"bias-left-out": (x @ weights).argmax(1), "largest-of-each-column": scores.argmax(0)},
    )
