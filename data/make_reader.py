"""Make `data/reader.npz`: the weights of a small network that reads the lab's digits.

The whole lab's notebook begins with it, before students have trained one of their own. Only numbers
are given out, and no code that trains or builds a network in PyTorch.

`python data/make_reader.py` takes a few seconds; the numbers depend a little on the machine.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import torch
from torch import nn

__all__ = ["make_reader"]

DATA = Path(__file__).resolve().parent
HIDDEN = 64
EPOCHS = 20
BATCH = 64
MAX_TURN, MAX_STRETCH, MAX_SHIFT = 0.25, 0.15, 0.15  # radians, and parts of an image


def digits_of(split: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images (n, 784), float32 from 0 to 1, and labels (n,) int64 of a split."""
    images, labels = (
        np.frombuffer(gzip.decompress((DATA / "digits" / f"{split}-{kind}.gz").read_bytes()), "u1")
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
    )
    pixels = torch.from_numpy(images[16:].reshape(-1, 784).astype("f4")) / 255
    return pixels, torch.from_numpy(labels[8:].astype("i8"))


def varied(images: torch.Tensor) -> torch.Tensor:
    """Turn, stretch and shift images (n, 784), each by chance: none is learned by heart."""
    by_chance = 2 * torch.rand(4, len(images)) - 1
    turn, stretch = by_chance[0] * MAX_TURN, 1 + by_chance[1] * MAX_STRETCH
    cos, sin, (x, y) = turn.cos() * stretch, turn.sin() * stretch, by_chance[2:] * MAX_SHIFT
    places = torch.stack([torch.stack([cos, -sin, x], 1), torch.stack([sin, cos, y], 1)], 1)
    square = images.view(-1, 1, 28, 28)
    grid = nn.functional.affine_grid(places, list(square.shape), align_corners=False)
    return nn.functional.grid_sample(square, grid, align_corners=False).flatten(1)


def make_reader() -> float:
    """Train the network and write its weights; return its share of right answers."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    images, labels = digits_of("train")
    network = nn.Sequential(nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003, weight_decay=1e-4)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            scores = network(varied(images[batch]))
            loss = nn.functional.cross_entropy(scores, labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    numbers = [each.detach().numpy().astype("f2").T for each in network.parameters()]
    w1, b1, w2, b2 = numbers
    np.savez_compressed(DATA / "reader.npz", w1=w1, b1=b1, w2=w2, b2=b2)
    unseen, true = digits_of("t10k")
    return (network(unseen).argmax(dim=1) == true).double().mean().item()


if __name__ == "__main__":
    print(f"{make_reader():.1%} of the test images are read right")
