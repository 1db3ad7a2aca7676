"""IDX files, as MNIST comes in: images and labels as plain bytes behind a small header."""

from __future__ import annotations

import gzip
import struct
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import torch

__all__ = ["FILES", "found_in", "images_in", "read_split"]

FILES = tuple(
    f"{split}-{kind}-ubyte"
    for split in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
)
UNSIGNED_BYTE = 0x08


def found_in(folder: Path, name: str) -> Path | None:
    """Return a file of FILES in a folder, packed by gzip or not."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    return None


def require_file(folder: Path, name: str) -> Path:
    """Return a file that must be there, packed by gzip or not."""
    path = found_in(folder, name)
    if path is None:
        raise FileNotFoundError(f"there is no {name} or {name}.gz in {folder}")
    return path


def images_in(folder: Path, split: str) -> int:
    """Return how many images a split has, as the file with their labels says.

    Raises:
        FileNotFoundError: the folder has no such file.
    """
    path = require_file(folder, f"{split}-labels-idx1-ubyte")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return int.from_bytes(file.read(8)[4:])


@cache
def read_split(folder: Path, split: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images (n, 28, 28) uint8 and labels (n,) int64 of a split, `train` or `t10k`.

    They are read once and belong to everybody: copy before you change them.

    Raises:
        FileNotFoundError: the folder has no such files.
        ValueError: a file is not what its name says.
    """
    images = read(folder, f"{split}-images-idx3-ubyte")
    labels = read(folder, f"{split}-labels-idx1-ubyte")
    if images.shape[1:] != (28, 28) or len(images) != len(labels):
        raise ValueError(f"{folder}: images {tuple(images.shape)} and labels {tuple(labels.shape)}")
    return images, labels.long()


def read(folder: Path, name: str) -> torch.Tensor:
    """Return the content of one file."""
    import torch

    path = require_file(folder, name)
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    zero, kind, dimensions = struct.unpack_from(">HBB", content)
    if zero or kind != UNSIGNED_BYTE:
        raise ValueError(f"{path} is not an IDX file of bytes")
    shape = struct.unpack_from(f">{dimensions}I", content, offset=4)
    values = torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * dimensions)
    return values.reshape(shape)
