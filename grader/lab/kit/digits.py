"""Digits that no submission has seen, and how well a network knows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

from beside.idx import images_in, read_split
from kit.digits_data import OWN, digits_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "FIVE_EPOCHS",
    "LEARNED",
    "as_much_as_five_epochs",
    "lesson_losses",
    "share_recognised",
    "unseen",
    "varied",
]

# Below this share a network counts as untrained: 1,000 unseen digits, each class's mean score
# taken off. Measured over seeds (mean, least, number of runs of five epochs over the lab's digits):
#   as the lesson has it          0.56  0.53  25      momentum 0.9                 0.78  0.78   4
#   lr 0.001                      0.50  0.44  12      lr 0.01                      0.67  0.67   4
#   no Normalize                  0.50  0.44  12      Normalize(0.1307, 0.3081)    0.63  0.62   8
#   lr 0.001 and no Normalize     0.41  0.36  25      batches of 32                0.64  0.63   6
#   batches of 128                0.51  0.46  12      batches of 256               0.48  0.42  12
#   batches of 256, no Normalize  0.37  0.33   8      four fifths of the images    0.53  0.51   8
# Untrained networks come to 0.10 on average, at most to 0.20 of 600 like the lesson's, and to 0.24
# of 1,500 of other shapes. Loops that never step, clear before the step, walk uphill or train
# another network stay with them. What is slow in three ways at once comes near to the line: lr
# 0.001, no Normalize and batches of 128 give 0.29, and 0.24 at least.
LEARNED = 0.27

FIVE_EPOCHS = 3.9  # about five: a fifth of the images may be kept apart to look at the progress

# Who comes to this share has learned as much as the lesson's five epochs give, however many steps
# that took. One epoch of the lesson's loop comes to 0.50 at most, of 25; with real MNIST, whose
# epochs have three times as many steps, one comes to 0.64 at most and five to 0.77 at least, of 4.
AS_MUCH = 0.52
AS_MUCH_OF_MNIST, MNIST_IMAGES = 0.75, 50_000

# Unseen digits differ from those of the test set by less than these differ among each other.
MAX_TURN_DEGREES, MAX_STRETCH, MAX_SHIFT = 6.0, 0.05, 1.0  # pixels; less than the digits differ by
MAX_THINNING = 0.3  # share of the way to the thinnest of the nine pixels around

# What the lesson's own loop comes to on the lab's digits: the mean losses of 25 equal parts of five
# epochs, for a picture. Another seed falls as far, up to 0.2 beside it.
LESSON_LOSSES = (
    *(2.292, 2.268, 2.243, 2.22, 2.196, 2.164, 2.127, 2.081, 2.041, 1.985, 1.916, 1.862, 1.784),
    *(1.712, 1.65, 1.571, 1.493, 1.425, 1.363, 1.298, 1.228, 1.193, 1.159, 1.11, 1.072),
)


def lesson_losses() -> tuple[float, ...]:
    """Return the losses of the lesson's own loop; none where other data are trained on."""
    return LESSON_LOSSES if digits_folder() == OWN else ()


def as_much_as_five_epochs() -> float:
    """Return the share that nearly every training of five epochs comes to, as the lesson has it."""
    return AS_MUCH_OF_MNIST if images_in(digits_folder(), "train") >= MNIST_IMAGES else AS_MUCH


def unseen(
    each: int, skip: int = 0, folder: Path | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images (n, 28, 28) uint8 and labels of the test set, up to `each` of every class."""
    images, labels = read_split(folder or digits_folder(), "t10k")
    places = [
        (labels == digit).nonzero().flatten()[skip : skip + each] for digit in labels.unique()
    ]
    chosen = torch.cat(places)
    return images[chosen], labels[chosen]


def varied(images: torch.Tensor, seed: int) -> torch.Tensor:
    """Turn, stretch, shift and thin each image (n, 28, 28) uint8 a little, by chance.

    No two calls of different seeds give one image twice, so that none can be looked up.
    """
    generator = torch.Generator().manual_seed(seed)

    def drawn(most: float) -> torch.Tensor:
        return (2 * torch.rand(len(images), generator=generator) - 1) * most

    pictures = images.unsqueeze(1).float()
    turn = drawn(math.radians(MAX_TURN_DEGREES))
    along_x = (turn.cos(), -turn.sin(), drawn(2 * MAX_SHIFT / images.shape[2]))
    along_y = (turn.sin(), turn.cos(), drawn(2 * MAX_SHIFT / images.shape[1]))
    stretch = 1 + torch.stack([drawn(MAX_STRETCH), drawn(MAX_STRETCH)], dim=1)
    places = torch.stack([torch.stack(along_x, dim=1), torch.stack(along_y, dim=1)], dim=1)
    grid = F.affine_grid(places * stretch.unsqueeze(2), list(pictures.shape), align_corners=False)
    moved = F.grid_sample(pictures, grid, align_corners=False)
    thinnest = -F.max_pool2d(-moved, kernel_size=3, stride=1, padding=1)
    thinning = (drawn(0.5) + 0.5).mul(MAX_THINNING).reshape(-1, 1, 1, 1)
    thinned = moved + (thinnest - moved) * thinning
    return thinned.round().clamp(0, 255).to(torch.uint8).squeeze(1)


def share_recognised(scores: torch.Tensor, labels: torch.Tensor) -> float:
    """Return how often the true class stands out, from scores (n, 10).

    Each class's mean score over the images is taken off first: a network that has begun to learn
    tells digits apart long before its preference for single classes is gone. This also makes no
    difference between log-probabilities, logits and what a softmax over the batch leaves of them.
    """
    plain = scores.nan_to_num()
    standing_out = (plain - plain.mean(dim=0)).argmax(dim=1)
    return (standing_out == labels).double().mean().item()
