"""The course in `tests/courses/small`, and what may be handed in for it, right, wrong and junk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from grader.authoring import handed_in, make_cells_notebook, solved
from grader.courses import load_course, works_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.courses import Exercise, Work

__all__ = [
    "COURSE",
    "FOLDER",
    "JUNK",
    "WORKS",
    "file_in",
    "write_junk",
    "write_solutions",
    "write_work",
]

FOLDER = Path(__file__).parent / "courses" / "small"
COURSE = load_course(FOLDER)
WORKS = {exercise: works_of(COURSE, exercise) for exercise in COURSE.exercises}
JUNK = {
    "nothing": "None",
    "text": "'x'",
    "uneven": "[[], 2.0]",
    "dict": "{1: 'a'}",
    "truth": "True",
    "nan": "float('nan')",
    "bytes": "b'a'",
    "array": "np.ones(3)",
    "tensor": "torch.ones(600, 2, dtype=torch.float64)",
    "arrays": "[np.ones(3)] * 4",
}
OF_JUNK = """\
import numpy as np
import torch

class Junk:
    def __init__(self, *_, **__):
        self.data = self.grad = self.weights = self.bias = {0}
    def __call__(self, *_, **__):
        return {0}
    __add__ = __mul__ = __radd__ = __rmul__ = __call__
    tanh = eval = step = predict = __call__

Value = SoftmaxClassifier = Junk
LEARNING_RATE = losses = choice = {0}
model = softmax = cross_entropy = in_order = backward = minimize = Junk()
count_pairs = merge = learn = learn_from = encode = decode = vocabulary = Junk()
"""


def file_in(folder: Path, exercise: Exercise) -> Path:
    """Return the first file of an exercise in a folder of what is handed in."""
    return folder / exercise.file_names[0]


def write_solutions(folder: Path) -> None:
    """Write all solutions, as a student would hand them in."""
    for exercise in COURSE.exercises:
        _write(solved(COURSE, exercise), folder)


def write_work(work: Work, folder: Path) -> None:
    """Write a right or wrong work."""
    _write(handed_in(COURSE, work), folder)


def write_junk(folder: Path) -> Iterator[tuple[Exercise, Path]]:
    """Write all junk, each in its folder: `EXERCISE/NAME`; give the folders."""
    for exercise in COURSE.exercises:
        for name, junk in JUNK.items():
            _write(_junk_of(exercise, OF_JUNK.format(junk)), folder / exercise.name / name)
            yield exercise, folder / exercise.name / name


def _junk_of(exercise: Exercise, code: str) -> dict[str, str]:
    """Return files in which all that a suite may ask for gives the same."""
    first, *others = exercise.file_names
    if not exercise.cells:
        return {first: code, **dict.fromkeys(others if exercise.files else (), "")}
    cell = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION\n"
    source = "\n".join(['"""Junk."""', *(f"# %% {name}\n{cell}" for name in exercise.cells)])
    return {first: nbformat.writes(make_cells_notebook(source, exercise.name, solved=True))}


def _write(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
