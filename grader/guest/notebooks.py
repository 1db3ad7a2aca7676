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
from grader.guest.time_limit import is_out_of_time, time_limit

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
    """Runs a notebook's cells in order, and keeps what each cell with an id has left.

    Not thread-safe. A notebook that is never run on pays nothing for it.
    """

    def __init__(self, cells: Sequence[Cell], module: types.ModuleType, run: RunCell) -> None:
        self._left = list(cells)
        self._module = module
        self._run = run
        self._parts: dict[str, Part] = {}
        self._stopped: Raised | None = None
        self._defaults = torch_defaults()

    def up_to(self, cell: str, time_s: float = 0) -> Part:
        """Run up to and including the last cell of this id, or to the end where none has it.

        Args:
            cell: the id; empty for none.
            time_s: after how long the cell that runs then is stopped; 0 for no limit. The cells
                behind it are left for the next time.
        """
        if cell not in self._parts:
            self._keep_last()
            first, known = not self._parts, any(each.grade_id == cell != "" for each in self._left)
            set_torch_defaults(*self._defaults)
            with time_limit(time_s), JOURNAL.recording():
                failed = self._run_to(cell)
            self._defaults = torch_defaults()
            if not known:  # the names left at the end: a loop without end is the last task's
                failed, self._stopped = None if first else failed or self._stopped, failed
            self._parts[cell] = Part(self._module, failed)
        return self._parts[cell]

    def _run_to(self, stop: str) -> Raised | None:
        """Run cells; return what the judged one raised, or the one that was stopped."""
        before = ""
        while self._left:
            cell = self._left.pop(0)
            if cell.grade_id == stop != before:
                JOURNAL.forget_events()
            raised, before = self._run(cell), cell.grade_id
            last = all(each.grade_id != before for each in self._left)
            if is_out_of_time(raised) or (last and before == stop != ""):
                return raised
            if before and last:
                self._parts[before] = Part(kept(self._module), raised)
        return None

    def _keep_last(self) -> None:
        """Make what the last cell left independent of the cells after it."""
        for cell, part in self._parts.items():
            if part.module is self._module:
                self._parts[cell] = Part(kept(part.module), part.failed)


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
