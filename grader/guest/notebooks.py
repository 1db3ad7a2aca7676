"""A notebook that is run in parts, so that names are judged as a cell left them."""

from __future__ import annotations

import copy
import types
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

from grader.guest.journal import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.guest.sources import Cell
    from grader.guest.wire import Raised

    RunCell = Callable[[Cell], Raised | None]

__all__ = ["Part", "PartialRun"]


@dataclass(frozen=True)
class Part:
    """What a cell left.

    Attributes:
        module: the names as they stood right after it.
        failed: what the cell raised, if it did.
    """

    module: types.ModuleType
    failed: Raised | None


class PartialRun:
    """Runs a notebook's cells in order, and keeps what the cells left that it was run up to.

    Not thread-safe. A notebook that is never run on pays nothing for it.
    """

    def __init__(self, cells: Sequence[Cell], module: types.ModuleType, run: RunCell) -> None:
        self._left = list(cells)
        self._module = module
        self._run = run
        self._parts: dict[str, Part] = {}
        self._defaults = torch_defaults()

    def up_to(self, cell: str) -> Part:
        """Run up to and including the last cell of this id, or to the end where none has it."""
        if cell not in self._parts:
            self._keep_last()
            self._parts[cell] = Part(self._module, self._run_to(cell))
        return self._parts[cell]

    def _run_to(self, stop: str) -> Raised | None:
        places = [place for place, cell in enumerate(self._left, 1) if cell.grade_id == stop]
        cells, self._left = split(self._left, places[-1] if places else len(self._left))
        failed, before = None, ""
        set_torch_defaults(*self._defaults)
        with JOURNAL.recording():
            for cell in cells:
                if cell.grade_id == stop != before:
                    JOURNAL.forget_events()
                raised, before = self._run(cell), cell.grade_id
                failed = raised if cell.grade_id == stop else None
        self._defaults = torch_defaults()
        return failed

    def _keep_last(self) -> None:
        """Make what the last cell left independent of the cells after it."""
        if self._parts:
            cell, part = self._parts.popitem()
            self._parts[cell] = Part(kept(part.module), part.failed)


def split(cells: list[Cell], place: int) -> tuple[list[Cell], list[Cell]]:
    """Divide a list."""
    return cells[:place], cells[place:]


def kept(module: types.ModuleType) -> types.ModuleType:
    """Return a module of the same names whose networks later cells can't change."""
    names = dict(vars(module))
    networks = {name: value for name, value in names.items() if isinstance(value, nn.Module)}
    with suppress(Exception):  # a student's own class that can't be copied stays what it is
        names |= copy.deepcopy(networks)
    copied = types.ModuleType(module.__name__)
    vars(copied).update(names)
    return copied


def torch_defaults() -> tuple[torch.dtype, bool]:
    """Return what code may have switched for all of torch."""
    return torch.get_default_dtype(), torch.is_grad_enabled()


def set_torch_defaults(dtype: torch.dtype, grad_enabled: bool) -> None:
    """Switch it again."""
    torch.set_default_dtype(dtype)
    torch.set_grad_enabled(grad_enabled)
