"""A notebook that is run in parts, so that names are judged as a cell left them."""

from __future__ import annotations

import copy
import types
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.guest.loading.answer_cells import FIRST, End, Ran, end_of, end_without_id, new_beginning
from grader.guest.loading.journal import JOURNAL
from grader.guest.loading.switches import switches, throw
from grader.guest.process.time_limit import is_out_of_time, time_limit
from grader.guest.recording.record import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.guest.crossing.wire import Raised
    from grader.guest.loading.sources import Cell

    RunCell = Callable[[Cell], Raised | None]

__all__ = ["Part", "PartialRun"]


@dataclass(frozen=True)
class Part:
    """What a cell left.

    Attributes:
        module: the names as they stood right after it.
        end: how it ended.
    """

    module: types.ModuleType
    end: End


class PartialRun:
    """Runs a notebook's cells in order, and keeps what each cell with an id has left.

    Not thread-safe. A notebook that is never run on pays nothing for it.
    """

    def __init__(self, cells: Sequence[Cell], module: types.ModuleType, run: RunCell) -> None:
        self._left = list(cells)
        self._module = module
        self._run = run
        self._ran: list[Ran] = []
        self._parts: dict[str, Part] = {}
        self._new_beginning = new_beginning(cells)
        self._before_anew: types.ModuleType | None = None
        self._switches = switches()

    def up_to(self, cell: str, time_s: float = 0) -> Part:
        """Run up to and including the last cell of this id, or to the end where none has it.

        Args:
            cell: the id; empty for none.
            time_s: after how long the cell that runs then is stopped; 0 for no limit. The cells
                behind it are left for the next time.
        """
        if cell not in self._parts:
            self._keep_last()
            known = any(each.grade_id == cell != "" for each in self._left)
            throw(self._switches)
            with time_limit(time_s), JOURNAL.recording():
                stopped_at = self._run_to(cell)
            self._switches = switches()
            end = self._end(cell, stopped_at) if known else end_without_id(cell, self._ran)
            self._parts[cell] = Part(self._module if known else self._left_without_id(cell), end)
        return self._parts[cell]

    @staticmethod
    def _end(cell: str, ran: Ran | None) -> End:
        if ran is not None and ran.cell.grade_id != cell:  # time was up before it was its turn
            return End(ran.raised, unwritten=True)
        return end_of(ran) if ran else End()

    def _run_to(self, stop: str) -> Ran | None:
        """Run cells; return the judged one, or the one that was stopped."""
        before = ""
        while self._left:
            cell = self._left.pop(0)
            if cell.grade_id == stop != before:
                JOURNAL.recorded = Recording()
            ran, before = self._run_one(cell), cell.grade_id
            last = all(each.grade_id != before for each in self._left)
            if is_out_of_time(ran.raised) or (last and before == stop != ""):
                return ran
            if before and last:
                self._parts[before] = Part(kept(self._module), end_of(ran))
        return None

    def _left_without_id(self, cell: str) -> types.ModuleType:
        """Return the names at the end, but of the first task those before the second began anew."""
        return self._before_anew or self._module if cell == FIRST else self._module

    def _run_one(self, cell: Cell) -> Ran:
        """Run a cell; where it leaves another `model`, forget what was recorded before it."""
        if cell is self._new_beginning:
            self._before_anew = kept(self._module)
        earlier, JOURNAL.recorded = JOURNAL.recorded, Recording()
        model = vars(self._module).get("model")
        ran = Ran(cell, self._run(cell), JOURNAL.recorded.loops)
        self._ran.append(ran)
        if vars(self._module).get("model") is model:
            JOURNAL.recorded = earlier.followed_by(JOURNAL.recorded)
        return ran

    def _keep_last(self) -> None:
        """Make what the last cell left independent of the cells after it."""
        for cell, part in self._parts.items():
            if part.module is self._module:
                self._parts[cell] = Part(kept(part.module), part.end)


def kept(module: types.ModuleType) -> types.ModuleType:
    """Return a module of the same names whose networks and optimizers later cells can't change.

    They are copied all at once, so that a copied optimizer holds the parameters of the copied
    network; where one can't be copied, all stay what they are.
    """
    names = dict(vars(module))
    trained = {
        name: value
        for name, value in names.items()
        if isinstance(value, nn.Module | torch.optim.Optimizer)
    }
    with suppress(Exception):  # a student's own class may be anything
        names |= copy.deepcopy(trained, results_kept_by(trained.values()))
    copied = types.ModuleType(module.__name__)
    vars(copied).update(names)
    return copied


def results_kept_by(values: Iterable[object]) -> dict[int, Any]:
    """Return copies of the results that networks have put aside, which torch does not copy."""
    modules = [part for value in values if isinstance(value, nn.Module) for part in value.modules()]
    kept_aside = [each for module in modules for each in vars(module).values()]
    return {
        id(result): result.detach().clone()
        for result in kept_aside
        if isinstance(result, torch.Tensor) and not result.is_leaf
    }
