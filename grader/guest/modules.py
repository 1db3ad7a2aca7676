"""Modules that a submission is made of, or may import besides: they are there while its code runs.

None of them lies on a disk: each is a cell of source, and is run when it is first imported.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from grader.guest.loading.imports import RELATIVE
from grader.guest.loading.sources import Cell, Source, UnreadableSourceError, read_source
from grader.guest.running import CellRunner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType, TracebackType

    from grader.guest.crossing.wire import Load, Part
    from grader.guest.process.limits import GuestLimits

__all__ = ["Modules", "is_code", "modules_of"]

PACKAGE = "__init__"


class _Code(NamedTuple):
    """What a module is made of: its file, and the source that holds it, of which it is a part."""

    file: str
    source: Source


class Modules(MetaPathFinder, Loader):
    """Finds and loads them. A context manager: only in it do their names mean these modules.

    Not thread-safe, and not to be entered twice.
    """

    def __init__(self, limits: GuestLimits | None = None) -> None:
        self._limits = limits
        self._codes: dict[str, _Code] = {}
        self._loaded: dict[str, ModuleType] = {}
        self._before: dict[str, ModuleType] = {}
        self._own: frozenset[str] = frozenset()

    def add(self, file: str, source: Source) -> None:
        """Take in a file's module, with the folders around it as packages.

        Args:
            file: its path; of a notebook, all cells are the module's.
            source: what it is read as, or holds it as one of several.
        """
        name = module_name(file)
        self._codes[name] = _Code(file, source)
        while "." in name:
            name = name.rpartition(".")[0]
            self._codes.setdefault(name, _Code("", source))
        self._own = frozenset(each.partition(".")[0] for each in self._codes)

    @property
    def names(self) -> frozenset[str]:
        """What these modules are imported as."""
        return frozenset(self._codes)

    @property
    def own(self) -> frozenset[str]:
        """The names by which an import begins that is of one of these."""
        return self._own

    def __enter__(self) -> None:
        self._before = self._taken_out()
        sys.modules.update(self._loaded)
        sys.meta_path.insert(0, self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        sys.meta_path[:] = [each for each in sys.meta_path if each is not self]
        self._loaded = self._taken_out()
        sys.modules.update(self._before)

    def _taken_out(self) -> dict[str, ModuleType]:
        """Take from Python's modules those that have a name of these, and return them."""
        return {name: sys.modules.pop(name) for name in self._codes if name in sys.modules}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load a module, if it is one of these."""
        del path, target
        code = self._codes.get(fullname)
        if code is None:
            return None
        is_package = PurePosixPath(code.file).stem in {PACKAGE, ""}
        return spec_from_loader(fullname, self, origin=code.file, is_package=is_package)

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's code.

        Raises:
            UnreadableSourceError: it is no Python.
            BaseException: what it raised.
        """
        file, source = self._codes[module.__name__]
        if not file:  # a folder without code of its own
            return
        module.__file__ = file
        runner = CellRunner(source, self._limits, self._own | {RELATIVE})
        runner.provide_jupyter(vars(module))
        for cell in source.cells if source.notebook else _cells_of(file, source):
            if cell.broken:
                raise cell.broken
            runner.run(cell, vars(module))


def _cells_of(file: str, source: Source) -> Iterator[Cell]:
    return (cell for cell in source.cells if cell.label == file)


def module_name(file: str) -> str:
    """Return what the module in a file is imported as: `minigrad.engine`; a package's own is it."""
    *folders, name = PurePosixPath(file).with_suffix("").parts
    return ".".join(folders if name == PACKAGE and folders else [*folders, name])


def is_code(file: str) -> bool:
    """Whether a file is imported, and not opened as one of data."""
    return file.endswith((".py", ".ipynb"))


def modules_of(request: Load, source: Source, limits: GuestLimits | None) -> Modules:
    """Return what can be imported of the files that a request carries; the others are laid out.

    Args:
        request: its parts, and what comes with them.
        source: what the parts are read as.
        limits: what the code may use.
    """
    modules = Modules(limits)
    for part in request.modules:
        if is_code(part.name):
            modules.add(part.name, _read_alone(part))
    for part in request.parts:
        if is_code(part.name):
            modules.add(part.name, source)
    _lay_out(part for part in (*request.modules, *request.parts) if not is_code(part.name))
    return modules


def _read_alone(part: Part) -> Source:
    """Read a module or a notebook; one that is neither matters once it is imported."""
    try:
        return read_source(part.name, part.content, notebook=part.name.endswith(".ipynb"))
    except UnreadableSourceError as error:
        cell = Cell(part.name, "")
        broken = UnreadableSourceError(error.reason, error.line, cell)
        return Source("", (replace(cell, broken=broken),), notebook=False)


def _lay_out(parts: Iterable[Part]) -> None:
    """Write files of data into the current folder, to be read only."""
    for part in parts:
        file = Path(part.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(part.content)
        file.chmod(0o444)
