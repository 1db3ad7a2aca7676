"""`torchvision.datasets.MNIST` for submissions: it reads the lab's files, and never a network.

`provide_mnist` puts the class below in the place of torchvision's own. It takes the same arguments;
where a submission says that the data lie is of no matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import torch
import torchvision
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

from beside.idx import read_split
from grader.guest.probing import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Transform = Callable[..., object]

__all__ = ["MNIST", "provide_mnist", "seen_through", "training_images"]

normalize_alike = functional.normalize


def provide_mnist(folder: Path) -> None:
    """Let submissions find the four files of this folder, read now, as MNIST."""
    MNIST.splits = {split: read_split(folder, split) for split in ("train", "t10k")}
    torchvision.datasets.MNIST = MNIST
    torchvision.datasets.mnist.MNIST = MNIST
    functional.normalize = normalize


def training_images() -> int:
    """Return how many images an epoch has."""
    images, _ = MNIST.splits.get("train", (torch.zeros(1), None))
    return len(images)


class MNIST(torchvision.datasets.MNIST):  # type: ignore[misc] # torchvision is not typed
    """MNIST from the lab's files.

    A loader's process that is started anew knows it as torchvision's own, which does the same with
    images that are loaded.
    """

    __module__ = torchvision.datasets.mnist.__name__
    splits: ClassVar[dict[str, tuple[torch.Tensor, torch.Tensor]]] = {}

    def __init__(
        self,
        root: str | Path,
        train: bool = True,
        transform: Transform | None = None,
        target_transform: Transform | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, train, transform, target_transform, download)
        JOURNAL.transforms.append((train, transform))

    def _check_legacy_exist(self) -> bool:
        return False

    def _check_exists(self) -> bool:
        return True

    def download(self) -> None:
        """Do nothing: the files are there."""

    def _load_data(self) -> tuple[torch.Tensor, torch.Tensor]:
        images, labels = self.splits["train" if self.train else "t10k"]
        return images.clone(), labels.clone()

    def __getitems__(self, places: list[int]) -> list[tuple[Any, Any]]:
        """Return what `self[place]` gives for each place; a loader asks for whole batches."""
        if type(self) is not MNIST or self.target_transform is not None:
            return [self[place] for place in places]
        images = seen_through(self.transform, self.data[places])
        return list(zip(images, self.targets[places].tolist(), strict=True))


def seen_through(transform: Transform | None, images: torch.Tensor) -> Sequence[object]:
    """Put uint8 images (n, 28, 28) through a transform, all at once where that gives the same."""
    steps = getattr(transform, "transforms", ()) if is_(transforms.Compose, transform) else ()
    first, *rest = steps or (transform,)
    alike = is_(transforms.ToTensor, first) and images.dtype == torch.uint8
    if alike and all(is_(transforms.Normalize, step) for step in rest):
        batch = images.unsqueeze(1).to(torch.get_default_dtype()).div(255)
        for step in rest:
            batch = step(batch)
        return tuple(batch)
    pictures = [Image.fromarray(image.numpy()) for image in images]
    return pictures if transform is None else [transform(picture) for picture in pictures]


def is_(kind: type, value: object) -> bool:
    """Whether a value is of a type and of no subclass, which may do anything."""
    return type(value) is kind


def normalize(
    tensor: torch.Tensor, mean: Sequence[float], std: Sequence[float], inplace: bool = False
) -> torch.Tensor:
    """Normalise as torchvision does, and images of one channel by the first of three numbers.

    Older editions of torchvision did that, and lessons were written with them.
    """
    if tensor.dim() >= 3 and tensor.shape[-3] == 1 and len(mean) == len(std) == 3:
        JOURNAL.note(
            f"Normalize({tuple(mean)}, {tuple(std)}) is made for three channels, but these images "
            "have one: only the first numbers are used."
        )
        mean, std = mean[:1], std[:1]
    normal: torch.Tensor = normalize_alike(tensor, mean, std, inplace)
    return normal
