"""Public checks of the softmax classifier: run them as often as you like while you write."""

import math

import numpy as np

from grader.suite import expect, session

X, LABELS = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0, 1])
step = session(
    "model = SoftmaxClassifier(features=2, classes=2); loss = model.step(x, labels)",
    "{'loss': loss, 'weights': model.weights / LEARNING_RATE}",
)
guesses = session("model = SoftmaxClassifier(2, 2); model.bias[1] = 1.0", "model.predict(x)")


def test_softmax_of_two_scores(student):
    """softmax: scores 0 and log 3 get the probabilities 1/4 and 3/4."""
    right = np.array([[0.25, 0.75], [0.75, 0.25]])
    expect(student.softmax(np.array([[0.0, math.log(3)], [10_000 + math.log(3), 10_000]]))).equals(
        right, mistakes={"softmax-over-batch": np.array([[0.0, 0.5], [1.0, 0.5]])}
    )


def test_loss_of_equal_scores(student):
    """cross_entropy: two equal scores cost log 2 = 0.693, whatever the label and the smoothing."""
    scores, labels = np.zeros((3, 2)), np.array([0, 1, 1])
    expect(student.cross_entropy(scores, labels)).equals(math.log(2))
    expect(student.cross_entropy(scores, labels, smoothing=0.5)).equals(math.log(2))


def test_first_step(student):
    """SoftmaxClassifier.step: from zero, the loss is log 2 and the weights move by the gradient."""
    expect(step(student, x=X, labels=LABELS)).equals(
        {"loss": math.log(2), "weights": np.array([[0.25, -0.25], [-0.5, 0.5]])},
        mistakes={"step-uphill": {"weights": np.array([[-0.25, 0.25], [0.5, -0.5]])}},
    )


def test_guess_of_a_model_with_a_bias(student):
    """SoftmaxClassifier.predict: with bias (0, 1) and zero weights, the guess is class 1."""
    expect(guesses(student, x=X)).equals(np.array([1, 1]))
