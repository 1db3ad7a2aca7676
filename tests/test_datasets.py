"""`torchvision.datasets.MNIST` in a submission."""

from __future__ import annotations

import pickle
from typing import Any
from unittest import mock

import pytest
import torch
from torch.utils.data import DataLoader, Subset

from beside.idx import read_split
from grader.courses import resource
from grader.guest.loading.journal import JOURNAL

DIGITS = resource("data") / "digits"


@pytest.fixture(scope="module")
def torchvision() -> Any:
    """Return torchvision as submissions find it."""
    import torchvision

    from beside.mnist import provide_mnist

    provide_mnist(DIGITS)
    return torchvision


@pytest.mark.parametrize(("train", "split"), [(True, "train"), (False, "t10k")])
def test_any_root_gives_the_labs_files(torchvision: Any, train: bool, split: str) -> None:
    """Whatever a submission says about place and download, it gets the files that are there."""
    dataset = torchvision.datasets.MNIST("/nowhere/at/all", train=train, download=True)
    images, labels = read_split(DIGITS, split)
    picture, label = dataset[7]

    assert (len(images), (28, 28), labels[7]) == (len(dataset), picture.size, label)
    assert torch.equal(images, dataset.data)


def test_what_one_dataset_changes_no_other_sees(torchvision: Any) -> None:
    """Each has a copy of its own."""
    torchvision.datasets.MNIST(".").data.zero_()

    assert torchvision.datasets.MNIST(".").data.any()


def test_a_process_that_is_started_anew_loads_a_dataset_as_torchvisions(torchvision: Any) -> None:
    """It has no `beside`; a loader's worker in a notebook, on macOS, is such a process."""
    dataset = torchvision.datasets.MNIST(".")
    sent = pickle.dumps(dataset)
    own = type(dataset).__mro__[1]
    with mock.patch.object(torchvision.datasets.mnist, "MNIST", own):
        came = pickle.loads(sent)  # noqa: S301 - made above

    assert (type(came), len(came), came[7][1]) == (own, len(dataset), dataset[7][1])


def transforms_of(torchvision: Any) -> dict[str, Any]:
    """Return transforms of several kinds."""
    kit = torchvision.transforms
    normal = kit.Normalize((0.5,), (0.25,))
    return {
        "none": None,
        "tensor": kit.ToTensor(),
        "normal": kit.Compose([kit.ToTensor(), normal]),
        "three": kit.Compose([kit.ToTensor(), kit.Normalize((0.5, 0.1, 0.1), (0.5, 0.1, 0.1))]),
        "flat": kit.Compose([kit.ToTensor(), normal, kit.Lambda(lambda x: x.view(-1))]),
        "picture": kit.Compose([kit.CenterCrop(20), kit.ToTensor()]),
        "empty": kit.Compose([]),
    }


@pytest.mark.parametrize("kind", ["tensor", "normal", "three", "flat", "picture"])
def test_a_batch_holds_what_single_items_hold(torchvision: Any, kind: str) -> None:
    """The fast way to a batch gives bit by bit what the slow one gives, through a subset too."""
    transform = transforms_of(torchvision)[kind]
    dataset = torchvision.datasets.MNIST(".", transform=transform)
    for view in (dataset, Subset(dataset, range(40, 60))):
        images, labels = next(iter(DataLoader(view, batch_size=9)))

        assert torch.equal(images, torch.stack([view[place][0] for place in range(9)]))
        assert labels.tolist() == [view[place][1] for place in range(9)]


@pytest.mark.parametrize("kind", ["none", "empty"])
def test_without_a_transform_items_are_pictures(torchvision: Any, kind: str) -> None:
    """As torchvision has it."""
    dataset = torchvision.datasets.MNIST(".", transform=transforms_of(torchvision)[kind])
    (picture, label), _ = dataset.__getitems__([3, 4])

    assert (picture.mode, picture.size, label) == ("L", (28, 28), dataset[3][1])


def test_a_class_made_from_it_keeps_its_own_items(torchvision: Any) -> None:
    """The fast way is no way around what a submission's class does."""

    class Negative(torchvision.datasets.MNIST):  # type: ignore[misc] # torchvision is not typed
        def __getitem__(self, place: int) -> tuple[float, int]:
            return -1.0, place

    images, places = next(iter(DataLoader(Negative("."), batch_size=3)))

    assert (images.tolist(), places.tolist()) == ([-1.0] * 3, [0, 1, 2])


def test_three_channels_for_one_are_noted(torchvision: Any) -> None:
    """Today's torchvision refuses what older editions took; the report says that it was taken."""
    JOURNAL.clear()
    torchvision.datasets.MNIST(".", transform=transforms_of(torchvision)["three"])[0]

    assert len(JOURNAL.notes) == 1
    assert "three channels" in JOURNAL.notes[0]


def test_the_training_sets_last_transform_is_remembered(torchvision: Any) -> None:
    """The test set's does not come before it, unless there is no other."""
    kit = transforms_of(torchvision)
    JOURNAL.clear()
    torchvision.datasets.MNIST(".", train=False, transform=kit["tensor"])
    alone = JOURNAL.transform()
    torchvision.datasets.MNIST(".", train=True, transform=kit["normal"])
    torchvision.datasets.MNIST(".", train=False, transform=kit["flat"])

    assert [alone, JOURNAL.transform()] == [kit["tensor"], kit["normal"]]


def test_other_datasets_are_not_the_labs_digits(torchvision: Any) -> None:
    """What is made from torchvision's MNIST looks for its own files."""
    with pytest.raises(RuntimeError, match="not found"):
        torchvision.datasets.FashionMNIST("/nowhere", download=False)
