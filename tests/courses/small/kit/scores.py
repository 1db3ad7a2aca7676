"""Scores, their probabilities and their loss, by PyTorch."""

import numpy as np
import torch
from torch.nn import functional as F


def random_scores(seed):
    """Draw scores of five examples and four classes, float64."""
    return 3 * np.random.default_rng(seed).normal(size=(5, 4))


def softmax(scores, dim=1):
    """Return the probabilities of rows of scores, (n, classes)."""
    return torch.softmax(torch.from_numpy(scores), dim).numpy()


def softmax_of_columns(scores):
    """Return what softmax gives along the wrong dimension."""
    return softmax(scores, dim=0)


def softmax_of_all(scores):
    """Return what softmax gives when all scores of a batch share one sum."""
    return softmax(scores.reshape(1, -1)).reshape(scores.shape)


def loss(scores, labels, smoothing=0.0):
    """Return the mean cross-entropy of a batch as a float."""
    scores, labels = torch.from_numpy(scores), torch.from_numpy(labels)
    return F.cross_entropy(scores, labels, label_smoothing=smoothing).item()
