"""Points that no submission has seen."""

import torch


def rings(seed, count=600):
    """Draw points, (count, 2) float32, and their labels, (count,) int64, as the notebook does."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % 2
    radius = 0.4 + labels + 0.2 * torch.randn(count, generator=generator)
    angle = 2 * torch.pi * torch.rand(count, generator=generator)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1), labels


def on_lines(seed, count=5):
    """Draw pairs of points and what lies halfway, (3, count, 2) float32."""
    first, second = 3 * torch.randn(2, count, 2, generator=torch.Generator().manual_seed(seed))
    return torch.stack([first, second, (first + second) / 2])


def are_shares(scores):
    """Tell whether rows of scores, (n, 2), are probabilities or their logarithms."""
    ones = torch.ones(len(scores), dtype=scores.dtype)
    return any(torch.allclose(sums, ones) for sums in (scores.sum(1), scores.exp().sum(1)))


def lie_on_a_plane(scores):
    """Tell whether the scores of `on_lines` are halfway where the points are."""
    one, other, halfway = scores.reshape(3, -1, 2)
    return torch.allclose((one + other) / 2, halfway, atol=1e-4)
