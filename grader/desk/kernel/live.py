"""Check names as they are in the student's own kernel; no cell is run again."""

from __future__ import annotations

import linecache
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import torch

from grader.desk.data_beside import data_beside
from grader.desk.kernel.kernel_names import as_if_recorded, files_beside
from grader.desk.running import check_attempt
from grader.guest.loading.sources import Cell, Source
from grader.guest.loading.switches import AS_IMPORTED, switches, throw
from grader.guest.submission import Guest
from grader.judge.local import InProcess
from grader.judge.plugin import run_suites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.asking.refusals import Channel
    from grader.courses import Exercise
    from grader.desk.records import Checked
    from grader.errors import SubmissionError
    from grader.judge.plugin import SuiteRunner
    from grader.sandbox.limits import Limits

__all__ = ["check_names"]


class LiveAttempt:
    """Names of a kernel; nothing is loaded for it."""

    device = "cpu"
    cell_error: SubmissionError | None = None
    discretion = None

    def __init__(
        self, exercise: Exercise, names: Mapping[str, object], source: Source, limits: Limits
    ) -> None:
        guest = Guest()
        rail = exercise.switched_off, exercise.instead
        guest.adopt(exercise.name, source, dict(names), *rail)
        self._process = InProcess(guest, limits.of(exercise.limits), give_up=_leave_it)

    def channel(self, cell: str = "") -> Channel:
        """Return what answers for the names."""
        del cell
        return self._process


def _leave_it(_: float) -> None:
    """Do nothing: the kernel is the student's, and has a button that ends it."""


def check_names(
    exercise: Exercise, names: Mapping[str, object], cells: Mapping[str, int], limits: Limits
) -> Checked:
    """Run the public checks against the names that a kernel has.

    Args:
        exercise: what they are checked for.
        names: the kernel's.
        cells: what a cell's code was compiled as, to the number of its input prompt.
        limits: how long the code may run.
    """
    source = _source_of(names, cells)
    checked: list[Checked] = []

    def serve(runner: SuiteRunner) -> None:
        for module in exercise.code.beside_of(exercise.public_checks):
            import_module(module)  # torchvision, for one, takes seconds: not the student's
        attempt = LiveAttempt(exercise, names, source, limits)
        checked.append(check_attempt(runner, exercise, attempt, source, "the notebook"))

    with _as_imported(), as_if_recorded(names):
        if any("optim." in cell.text for cell in source.cells):
            _warm_up_optimizer()
        run_suites([exercise.public_checks], serve)
    data = data_beside(exercise, source, Path.cwd(), "the notebook")
    return msgspec.structs.replace(checked[0], notes=(*files_beside(names), *data))


def _source_of(names: Mapping[str, object], cells: Mapping[str, int]) -> Source:
    """Return the cells that the kernel's functions and classes come from, in their order."""
    compiled = {_compiled_as(value) for value in list(names.values())} & cells.keys()
    pieces: list[Cell] = []
    line = 0
    for code_name in sorted(compiled, key=cells.__getitem__):
        text = "".join(linecache.getlines(code_name))
        pieces.append(Cell(f"In [{cells[code_name]}]", text, line, code_name=code_name))
        line += text.count("\n") + 1
    return Source("\n".join(cell.text for cell in pieces), tuple(pieces), notebook=True)


def _compiled_as(value: object) -> str:
    """Return what the code of a function, or of a class's first method, was compiled as."""
    members = list(vars(value).values()) if isinstance(value, type) else [value]
    codes = [getattr(member, "__code__", None) for member in members]
    return next((str(code.co_filename) for code in codes if code is not None), "")


@contextmanager
def _as_imported() -> Iterator[None]:
    """Have torch's switches meanwhile as they are when it is imported."""
    positions = switches()
    throw(AS_IMPORTED)
    try:
        yield
    finally:
        throw(positions)


@cache
def _warm_up_optimizer() -> None:
    """Take a step: the first one of a process takes seconds, which are not the student's."""
    weight = torch.ones(2, requires_grad=True)
    with torch.enable_grad():  # whatever the code before this one has switched
        weight.sum().backward()
    torch.optim.SGD([weight], lr=0.1).step()
