"""Notebooks of the whole lab for the tests, and a small copy of the digits to train on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from beside.idx import read_split
from grader.authoring import make_cells_notebook
from grader.courses import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["junk_labs", "lesson", "notebook", "small_mnist", "solved_lab"]

SOLUTION = Path(__file__).resolve().parents[1] / "solutions" / "lab_training.py"
SMALL = {"train": 6_500, "t10k": 2_970}  # images; a third of the steps is still enough to learn
IN_A_MODEL = """
class Junk(torch.nn.Linear):
    def forward(self, *args):
        return {junk}

model = Junk(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
criterion = lambda *args: {junk}
"""

# the lesson as it is often taught: a model is shown, then one step, and the answers are blanks
SHOWN = """
import torch
from torch import nn, optim
from torchvision import datasets, transforms

trainset = datasets.MNIST("data", train=True, transform=transforms.ToTensor())
trainloader = torch.utils.data.DataLoader(trainset, batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss()
"""
SHOWN_STEP = """
images, labels = next(iter(trainloader))
optimizer = optim.SGD(model.parameters(), lr=0.01)
optimizer.zero_grad()
criterion(model(images.view(64, 784)), labels).backward()
optimizer.step()
"""
LESSON_MODEL = """
# TODO: build a network and its loss
model = {model}
criterion = {criterion}
"""
LESSON_TRAINING = """
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss()
optimizer = optim.SGD(model.parameters(), lr=0.003)
for epoch in range(5):
    for images, labels in trainloader:
        images = images.view(images.shape[0], -1)
        loss = {loss}
"""


def lesson(*, ids: bool, model: str = "", criterion: str = "", loss: str = "") -> bytes:
    """Return the lesson's notebook with what a student has written into its blanks."""
    first, second = ("lab-model", "lab-training") if ids else ("", "")
    return notebook(
        ("", SHOWN),
        (first, LESSON_MODEL.format(model=model, criterion=criterion)),
        ("", SHOWN_STEP),
        (second, LESSON_TRAINING.format(loss=loss)),
    )


def solved_lab(folder: Path) -> Path:
    """Write the solution as the notebook that a student would hand in."""
    source = SOLUTION.read_text(encoding="utf-8")
    solved = make_cells_notebook(source, "lab_training", solved=True)
    return _write(folder / "lab_training.ipynb", nbformat.writes(solved))


def notebook(*cells: tuple[str, str]) -> bytes:
    """Return a notebook of code cells, each given as id, empty for none, and source."""
    made = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": grade_id}} if grade_id else {},
            "source": source,
        }
        for grade_id, source in cells
    ]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5}).encode()


def junk_labs(folder: Path, junk: Mapping[str, str]) -> Iterable[Path]:
    """Write notebooks whose names are junk, and notebooks whose model and criterion give junk."""
    for kind, value in junk.items():
        names = f"model = criterion = optimizer = {value}"
        for where, source in (("named", names), ("given", IN_A_MODEL.format(junk=value))):
            path = folder / f"lab_training-{where}-{kind}.ipynb"
            cells = [(cell, f"import torch\n{source}") for cell in ("lab-model", "lab-training")]
            yield _write(path, notebook(*cells).decode())


def small_mnist(folder: Path) -> Path:
    """Write MNIST's files with the first of the lab's digits."""
    for split, count in SMALL.items():
        images, labels = read_split(resource("data") / "digits", split)
        header = bytes.fromhex("00000803") + b"".join(n.to_bytes(4) for n in (count, 28, 28))
        pixels = images[:count].numpy().tobytes()
        (folder / f"{split}-images-idx3-ubyte").write_bytes(header + pixels)
        header = bytes.fromhex("00000801") + count.to_bytes(4)
        digits = bytes(labels[:count].tolist())
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(header + digits)
    return folder


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
