"""Make `data/digits`: handwritten digits in MNIST's files, from the ones that scikit-learn carries.

Each of the 1,797 originals is a real image of 8×8 pixels. It is enlarged to MNIST's 28×28 and
varied: turned, stretched and shifted a little. The last 297 originals are the test set's alone.

`python data/make_digits.py` writes the same bytes each time; scikit-learn must be installed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["VARIANTS", "idx_bytes", "images_of", "originals", "write_files"]

FOLDER = Path(__file__).resolve().parent / "digits"
TRAINING_ORIGINALS = 1_500
VARIANTS = {"train": 13, "t10k": 10}  # how many images are made of each original
SEEDS = {"train": 1, "t10k": 2}

SIZE = 28
ENLARGEMENT = 2.5  # eight pixels become twenty, as high as MNIST's digits are
MAX_TURN_DEGREES = 12
MAX_STRETCH = 0.1
MAX_SHIFT = 2.0  # pixels of the enlarged image
PAPER, INK = 3.0, 12.0  # of 16 grey levels: what is fainter becomes 0, what is darker 255

Array = np.ndarray[Any, Any]


def originals(split: str) -> tuple[Array, Array]:
    """Return scikit-learn's images (n, 8, 8), in 0 to 16, and labels (n,) of a split."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    ours = slice(None, TRAINING_ORIGINALS) if split == "train" else slice(TRAINING_ORIGINALS, None)
    return digits.images[ours], digits.target[ours]


def varied(original: Array, generator: np.random.RandomState) -> Array:
    """Enlarge an image and turn, stretch and shift it by chance."""
    from scipy.ndimage import affine_transform

    angle = np.deg2rad(generator.uniform(-MAX_TURN_DEGREES, MAX_TURN_DEGREES))
    stretch = generator.uniform(1 - MAX_STRETCH, 1 + MAX_STRETCH, size=2)
    shift = generator.uniform(-MAX_SHIFT, MAX_SHIFT, size=2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    back = turn / (ENLARGEMENT * stretch)  # from a place in the result to one in the original
    padded = np.pad(original, 2)
    middle = (np.array(padded.shape) - 1) / 2
    offset = middle - back @ ((SIZE - 1) / 2 + shift)
    grey = affine_transform(padded, back, offset=offset, output_shape=(SIZE, SIZE), order=3)
    return np.rint(np.clip((grey - PAPER) / (INK - PAPER), 0, 1) * 255).astype(np.uint8)


def images_of(split: str) -> tuple[Array, Array]:
    """Return images (n, 28, 28) and labels (n,) of a split, both uint8.

    All originals come once before any comes again, so neighbours are different digits.
    """
    images, labels = originals(split)
    generator = np.random.RandomState(SEEDS[split])  # its stream is the same in every NumPy
    rounds = range(VARIANTS[split])
    made = np.stack([varied(image, generator) for _ in rounds for image in images])
    return made, np.tile(labels, len(rounds)).astype(np.uint8)


def idx_bytes(array: Array) -> bytes:
    """Return a uint8 array as an IDX file: magic number, dimensions, elements."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape)
    return header + array.tobytes()


def packed(content: bytes) -> bytes:
    """Return bytes as a gzip file that says neither when nor on which system it was made."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def write_files(folder: Path) -> None:
    """Write the four files and their checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = []
    for split in VARIANTS:
        images, labels = images_of(split)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            name = f"{split}-{kind}-ubyte.gz"
            content = packed(idx_bytes(array))
            (folder / name).write_bytes(content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(sorted(sums, key=lambda line: line[66:])), "utf-8")


if __name__ == "__main__":
    write_files(FOLDER)
