"""Which cell of a notebook is a task's own, and whether anything was written there.

Where the cells carry ids, the id says it. Elsewhere it is found by the names that a task is to
leave, and by what the cells did: the cell that trains is the one with a loop of steps in it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.guest.crossing.wire import Raised
    from grader.guest.loading.sources import Cell

__all__ = ["FIRST", "End", "Ran", "end_of", "end_without_id", "new_beginning"]

FIRST = "lab-model"
LEAVES = {FIRST: {"model", "criterion"}, "lab-training": {"optimizer"}}
ANEW = "# A new network for task 2."  # begins a given cell; behind it, task 1 can't be judged
LEFT_TO_TRAIN = LEAVES[FIRST] | {"losses"}  # the names that it gives a value
LOOP = re.compile(r"^[ \t]*(for|while)\b", re.MULTILINE)
BOUND = re.compile(r"^[ \t]*(\w{1,20})[ \t]*=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Ran:
    """A cell that has run.

    Attributes:
        raised: what it raised, if it did.
        loops: whether it took more than one step, or backward pass.
    """

    cell: Cell
    raised: Raised | None
    loops: bool = False


@dataclass(frozen=True)
class End:
    """How a task's own cell ended.

    Attributes:
        raised: what it raised, if it did.
        unwritten: whether nothing of it can have run: it is empty or not there, or does not
            compile, which `raised` says then.
    """

    raised: Raised | None = None
    unwritten: bool = False


def end_of(ran: Ran) -> End:
    """Return how a cell ended that is a task's own."""
    return End(ran.raised, unwritten=not compiles(ran.cell) or is_empty(ran.cell))


def end_without_id(task: str, ran: Sequence[Ran]) -> End:
    """Return how the own cell of a task ended where no cell carries the task's id.

    Args:
        task: the id; what comes after all tasks has none.
        ran: all cells, in their order.
    """
    if task not in LEAVES:
        return End()
    stub = next((each for each in ran if is_stub(each, task)), None)
    if stub is not None:
        return End(stub.raised)
    own = training_cell(ran) if task == "lab-training" else cell_that_leaves(LEAVES[task], ran)
    if own is None:  # the first task may be done bit by bit; without a loop the second is not begun
        return End(unwritten=task == "lab-training")
    inside = (each.raised for each in ran if each.raised and in_cell(each.raised, own.cell))
    return replace(end_of(own), raised=own.raised or next(inside, None))


def begins_anew(cell: Cell) -> bool:
    """Whether a cell begins as the given one that leaves the first task's names to the second."""
    return cell.text.lstrip().startswith(ANEW)


def new_beginning(cells: Sequence[Cell]) -> Cell | None:
    """Return the given cell behind which the first task can't be judged.

    A copy of it further down is none. Where its first line was deleted, it is the last cell that
    gives all of its names a value.
    """
    named = [cell for cell in cells if bound(cell) >= LEFT_TO_TRAIN]
    return next((cell for cell in cells if begins_anew(cell)), named[-1] if named else None)


def is_stub(ran: Ran, task: str) -> bool:
    """Whether a cell is the one that was given out for a task, and still says so."""
    return ran.raised is not None and ran.raised.not_started and task in ran.cell.text


def training_cell(ran: Sequence[Ran]) -> Ran | None:
    """Return the last cell that trains, or else the last one that was meant to."""
    training = [each for each in ran if each.loops]
    meant = [
        each for each in ran if LOOP.search(each.cell.text) and mentions(each.cell, "optimizer")
    ]
    return next(reversed(training or meant), None)


def cell_that_leaves(names: set[str], ran: Sequence[Ran]) -> Ran | None:
    """Return the last cell that gives all of these names a value, and trains nothing."""
    written = [each for each in ran if not begins_anew(each.cell)]
    last = [
        each
        for each in written
        if names <= (found := bound(each.cell)) and "optimizer" not in found
    ]
    return next(reversed(last), None)


def bound(cell: Cell) -> set[str]:
    """Return the names that a cell assigns to, also where it is no Python."""
    return set(BOUND.findall(cell.text))


def mentions(cell: Cell, name: str) -> bool:
    """Whether a name stands anywhere in a cell."""
    return re.search(rf"\b{name}\b", cell.text) is not None


def in_cell(raised: Raised, cell: Cell) -> bool:
    """Whether an exception came out of a cell's code, whoever called that."""
    return raised.where.startswith(f"{cell.label}, line ")


def compiles(cell: Cell) -> bool:
    """Whether a cell is Python that can be run."""
    try:
        compile(cell.text, cell.label, "exec", dont_inherit=True)
    except Exception:  # noqa: BLE001 - SyntaxError, or what else odd source raises
        return False
    return True


def is_empty(cell: Cell) -> bool:
    """Whether there is nothing in a cell that does anything: comments, `pass`, `...`, a string."""
    try:
        statements = ast.parse(cell.text).body
    except Exception:  # noqa: BLE001 - it is something, if no Python
        return False
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in statements
    )
