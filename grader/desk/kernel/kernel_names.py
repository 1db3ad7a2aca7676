"""What the names of a kernel tell: which files they come from, and how images came to the model."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from torch.utils.data import DataLoader, Dataset, Subset

from grader.guest.loading.journal import JOURNAL
from grader.guest.loading.standins import ALWAYS
from grader.guest.recording.record import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

__all__ = ["as_if_recorded", "files_beside"]

LONG_ENOUGH = 10**9  # examples; five epochs of 60,000 are 300,000


def files_beside(names: Mapping[str, object]) -> tuple[str, ...]:
    """Say which names come from files beside the notebook, which are not handed in with it."""
    modules = {_root(value) for value in list(names.values())} - {"", "grader", *ALWAYS}
    return tuple(
        f"{module}.py lies beside the notebook, and only the notebook itself is loaded when it is "
        "graded: put its code into the notebook."
        for module in sorted(modules)
        if _lies_here(sys.modules.get(module))
    )


def _root(value: object) -> str:
    """Return the first part of a module's name, or of the module that defines a value."""
    name = getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", "")
    return name.partition(".")[0] if isinstance(name, str) else ""


def _lies_here(module: ModuleType | None) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).resolve().parent == Path.cwd()


@contextmanager
def as_if_recorded(names: Mapping[str, object]) -> Iterator[None]:
    """Let the journal know meanwhile what a kernel's datasets do with images.

    Datasets that the lab provides have told it themselves. How long the kernel trained is not
    known, and nobody is told that it was too short.
    """
    recorded, told = JOURNAL.recorded, list(JOURNAL.transforms)
    JOURNAL.recorded = Recording(examples=LONG_ENOUGH)
    if not told:
        JOURNAL.transforms += (
            (bool(getattr(dataset, "train", False)), dataset.transform)
            for dataset in _datasets(names)
        )
    try:
        yield
    finally:
        JOURNAL.transforms[:] = told
        JOURNAL.recorded = recorded


def _datasets(names: Mapping[str, object]) -> Iterator[Any]:
    """Go through the datasets of images, also those that a loader or a part of one holds."""
    for value in list(names.values()):
        dataset = value.dataset if isinstance(value, DataLoader) else value
        if isinstance(dataset, Subset):
            dataset = dataset.dataset
        if isinstance(dataset, Dataset) and hasattr(dataset, "transform"):
            yield dataset
