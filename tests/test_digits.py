"""The lab's digits are what they claim to be, and what their script makes."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import inspect
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import torch

from beside.idx import FILES, read_split
from grader import digits
from grader.courses import resource
from grader.digits import read_digits
from grader.errors import UsageError
from kit.digits_data import VARIABLE, digits_folder

if TYPE_CHECKING:
    from pathlib import Path

DATA = resource("data")
DIGITS = DATA / "digits"


@pytest.fixture(scope="module")
def script() -> Any:
    """Return the script that makes the digits, as a module."""
    spec = importlib.util.spec_from_file_location("make_digits", DATA / "make_digits.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_are_the_ones_that_the_checksums_name() -> None:
    """SHA256SUMS lists the four files, and each has its sum."""
    lines = (DIGITS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    found = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(DIGITS.glob("*.gz"))
    ]

    assert lines == found
    assert sorted(f"{name}.gz" for name in FILES) == sorted(
        path.name for path in DIGITS.glob("*.gz")
    )


@pytest.mark.parametrize(("split", "count"), [("train", 19_500), ("t10k", 2_970)])
def test_splits_have_mnists_shapes_and_all_classes(split: str, count: int) -> None:
    """Images are 28×28 bytes with light and dark in them, and no class is rare."""
    images, labels = read_split(DIGITS, split)

    assert (count, 28, 28) == images.shape
    assert (torch.uint8, torch.int64) == (images.dtype, labels.dtype)
    assert (images.min().item(), images.max().item()) == (0, 255)
    assert labels.bincount(minlength=10).min() > 0.08 * count


def test_no_original_of_the_test_set_is_in_the_training_set(script: Any) -> None:
    """The originals are divided, and none of one part equals one of the other."""
    pytest.importorskip("sklearn", reason="scikit-learn carries the originals")
    (training, _), (test, _) = script.originals("train"), script.originals("t10k")

    assert (len(training), len(test)) == (1_500, 297)
    assert not {image.tobytes() for image in training} & {image.tobytes() for image in test}


def test_no_test_image_is_a_training_image() -> None:
    """Not one image of the test set stands in the training set too."""
    training, test = (read_split(DIGITS, split)[0].flatten(1) for split in ("train", "t10k"))

    assert not set(map(bytes, training.numpy())) & set(map(bytes, test.numpy()))


@pytest.mark.parametrize("split", ["train", "t10k"])
def test_the_script_makes_the_same_bytes(script: Any, split: str) -> None:
    """What is in the files is what the script makes today."""
    pytest.importorskip("sklearn", reason="scikit-learn carries the originals")
    arrays = script.images_of(split)

    for kind, array in zip(("images-idx3", "labels-idx1"), arrays, strict=True):
        packed = (DIGITS / f"{split}-{kind}-ubyte.gz").read_bytes()
        assert script.idx_bytes(array) == gzip.decompress(packed)


def test_torchvision_itself_reads_them(tmp_path: Path) -> None:
    """Unpacked where torchvision looks, the files are its MNIST, without a download."""
    from torchvision.datasets import MNIST

    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in FILES:
        (raw / name).write_bytes(gzip.decompress((DIGITS / f"{name}.gz").read_bytes()))
    for split in ("train", "t10k"):
        images, labels = read_split(DIGITS, split)
        theirs = MNIST(tmp_path, train=split == "train")

        assert theirs[0][0].size == (28, 28)
        assert torch.equal(images, theirs.data)
        assert torch.equal(labels, theirs.targets)


def test_the_users_own_files_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that LAB_MNIST names is taken, its files packed or not."""
    for name, suffix in zip(FILES, ("", ".gz", ".gz", ""), strict=True):
        (tmp_path / f"{name}{suffix}").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    assert tmp_path == digits_folder()


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_lacks_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The message names the folder and the file."""
    for name in set(FILES) - {missing}:
        (tmp_path / name).touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path))

    with pytest.raises(UsageError, match=rf"{tmp_path}.*{missing}"):
        digits_folder()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\x00\x00\x08\x01\x00\x00\x00\x02ab", "images"), (b"\x00\x01\x08\x01", "not an IDX")],
    ids=["no-images", "no-idx"],
)
def test_a_file_that_is_something_else_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    """Whatever the name says, the content is looked at."""
    for split, kind in product(("train", "t10k"), ("images-idx3", "labels-idx1")):
        (tmp_path / f"{split}-{kind}-ubyte").write_bytes(content)

    with pytest.raises(ValueError, match=reason):
        read_split(tmp_path, "train")


def test_the_notebooks_first_network_reads_most_digits_and_shows_no_solution() -> None:
    """Its weights are numbers in a file; nothing that builds or trains a network is given out."""
    images, labels = read_split(DIGITS, "t10k")
    answers = torch.tensor(read_digits(images / 255))

    assert (answers == labels).double().mean() > 0.88
    assert "nn." not in inspect.getsource(digits)
