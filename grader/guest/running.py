"""Running the cells of a file in one namespace, with what Jupyter has there."""

from __future__ import annotations
import __future__

import linecache
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.guest.loading.imports import compiled
from grader.guest.loading.ipython_lines import CELLS_THAT_RUN, plain_python
from grader.guest.loading.journal import JOURNAL
from grader.guest.questions import NobodyAnswersError
from grader.guest.raised import describe

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterator

    from grader.guest.crossing.wire import Raised
    from grader.guest.loading.sources import Cell, Source
    from grader.guest.process.limits import GuestLimits

__all__ = ["CellRunner", "registered"]

MAX_NOTE = 300  # characters
ANNOTATIONS = __future__.annotations.compiler_flag
ASKED = {
    True: "your notebook asks for input(), and no one can answer; the rest of the cell was "
    "not run. Write the answer into the cell.",
    False: "your file asks for input() when it is loaded, and no one can answer; what was "
    'defined before it counts. Put it under `if __name__ == "__main__":`.',
}


class CellRunner:
    """Runs a module, or a notebook cell by cell.

    In a notebook a cell that fails does not keep the next from running.
    """

    def __init__(
        self, source: Source, limits: GuestLimits | None, own: frozenset[str] = frozenset()
    ) -> None:
        self._source = source
        self._limits = limits
        self._own = own
        self._flags = 0

    def run_all(self, namespace: dict[str, object]) -> list[str]:
        """Run all cells; return what is to be noted.

        Raises:
            BaseException: what a module raised.
        """
        self.provide_jupyter(namespace)
        for cell in self._source.cells:
            self.run(cell, namespace)
        return [*self._source.notes, *JOURNAL.notes]

    @staticmethod
    def provide_jupyter(namespace: dict[str, object]) -> None:
        """Define what Jupyter defines before the first cell."""
        namespace.update(get_ipython=lambda: Shell(namespace), display=display)

    def run(self, cell: Cell, namespace: dict[str, object]) -> Raised | None:
        """Run a cell; note and return what it raised, unless that is a module's and goes on."""
        try:
            self._run(cell, namespace)
        except SystemExit:
            JOURNAL.note(f"{cell.label}: exit() was called; what was defined before it counts.")
        except NobodyAnswersError as error:
            raised = describe(error, self._source, self._limits)
            JOURNAL.note(f"{raised.where or cell.label}: {ASKED[self._source.notebook]}")
            return raised
        except BaseException as error:
            if not self._source.notebook:
                raise
            raised = describe(error, self._source, self._limits)
            place = raised.where or cell.label
            JOURNAL.note(f"{place}: {raised.type_name}: {raised.message}"[:MAX_NOTE])
            return raised
        return None

    def _run(self, cell: Cell, namespace: dict[str, object]) -> None:
        lines = [f"{line}\n" for line in cell.text.split("\n")]
        linecache.cache[cell.label] = (len(cell.text), None, lines, cell.label)
        code = compiled(
            cell.text, cell.label, cell=self._source.notebook, flags=self._flags, own=self._own
        )
        self._flags |= code.co_flags & ANNOTATIONS  # it holds for the cells that follow
        exec(code, namespace)  # noqa: S102 - our trade


class Shell:
    """Stands in for IPython's shell, also in a notebook that was saved as a script."""

    def __init__(self, namespace: dict[str, object]) -> None:
        self._namespace = namespace

    def run_line_magic(self, name: str, line: str, *_: object) -> None:
        """Run what `%time` would; any other magic does nothing."""
        self._run(f"%{name} {line}")

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run a cell that `%%time` or the like stands in front of."""
        del line
        if f"%%{name}" in CELLS_THAT_RUN:
            self._run(cell)

    def _run(self, text: str) -> None:
        exec(plain_python(text, "", cell=True).text, self._namespace)  # noqa: S102 - our trade

    def __getattr__(self, name: str) -> Callable[..., None]:
        return display


def display(*_: object, **__: object) -> None:
    """Show nothing: nobody looks on."""


@contextmanager
def registered(name: str, module: types.ModuleType) -> Iterator[None]:
    """Let a module be found by its name meanwhile, as pickle and dataclasses do."""
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        if before is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before
