"""Stand-ins for what notebooks draw with, where it is not installed: they do nothing.

Plots and progress bars are for the person who ran the notebook. The code around them is what is
judged, so their imports must work.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["stand_ins"]

NAMES = frozenset(
    {
        "IPython",
        "helper",  # the plotting helper that lies beside the lesson's notebook
        "ipywidgets",
        "matplotlib",
        "mpl_toolkits",
        "seaborn",
        "tqdm",
    }
)


@contextmanager
def stand_ins() -> Iterator[None]:
    """Let an import of NAMES succeed meanwhile; what is installed is found before."""
    finder = _Finder()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:  # to look through every module would write to every module's page
            sys.modules.pop(name, None)


class Inert:
    """Anything: it can be called, entered, indexed, gone through, and has every attribute."""

    def __getattr__(self, name: str) -> object:
        return attribute(name)

    def __call__(self, *_: object, **__: object) -> Inert:
        return Inert()

    def __getitem__(self, key: object) -> Inert:
        return Inert()

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class Progress(Inert):
    """A progress bar that shows nothing: it goes through what it was given."""

    def __init__(self, iterable: Iterable[object] = (), *_: object, **__: object) -> None:
        self._iterable = iterable

    def __iter__(self) -> Iterator[object]:
        return iter(self._iterable)


def trange(*bounds: int, **_: object) -> Progress:
    """Return a progress bar over a range."""
    return Progress(range(*bounds))


def subplots(nrows: int = 1, ncols: int = 1, **_: object) -> tuple[Inert, object]:
    """Return a figure and its axes, in an array where there are several."""
    if nrows == ncols == 1:
        return Inert(), Inert()
    axes = np.empty(nrows * ncols, dtype=object)
    axes[:] = [Inert() for _ in axes]
    return Inert(), axes.reshape(nrows, ncols) if min(nrows, ncols) > 1 else axes


KNOWN: dict[str, object] = {
    "subplots": subplots,
    "tqdm": Progress,
    "tqdm_notebook": Progress,
    "trange": trange,
}


def attribute(name: str) -> object:
    """Return what stands for an attribute; Python's own protocols find nothing."""
    if name.startswith("__"):
        raise AttributeError(name)
    return KNOWN.get(name) or Inert()


class _Module(types.ModuleType):
    """A module that has everything, and gives nothing to `import *`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> object:
        return attribute(name)


class _Finder(MetaPathFinder, Loader):
    """Finds a stand-in for a missing module.

    Attributes:
        made: the names of the modules that it stood in for.
    """

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the modules of NAMES alone."""
        del path, target
        if fullname.partition(".")[0] not in NAMES:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Make the stand-in."""
        self.made.append(spec.name)
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it is complete."""
