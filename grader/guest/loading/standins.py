"""Stand-ins for what serves the person who runs a notebook: they do nothing.

Plots, logs, widgets and a platform's drive are for whoever sat there. The code around them is what
is judged, so their imports must work.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from contextlib import contextmanager, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["ALWAYS", "stand_ins"]

ALWAYS = (
    "IPython",
    "google.colab",
    "grader.play",  # what the cells draw with that are there to be played with
    "helper",  # the plotting helper that lies beside the lesson's notebook
    "ipywidgets",
    "kaggle_secrets",
)
# where this is not installed: what can't be imported without it
MISSING = {
    "google": ("google",),  # what `google.colab` lies in
    "matplotlib": ("matplotlib", "mpl_toolkits"),
    "plotly": ("plotly",),
    "seaborn": ("seaborn",),
    "tensorboard": ("tensorboard", "torch.utils.tensorboard"),
    "tensorboardX": ("tensorboardX",),
    "wandb": ("wandb",),
}


@contextmanager
def stand_ins() -> Iterator[None]:
    """Let imports of such modules succeed meanwhile."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        with suppress(ValueError):  # student code has taken it away
            sys.meta_path.remove(finder)
        for name in finder.made:  # to look through every module would write to every module's page
            sys.modules.pop(name, None)


class Inert:
    """Anything: it can be called, entered, indexed, gone through, and has every attribute."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # Python's own protocols find nothing
            raise AttributeError(name)
        return type(self)()

    def __call__(self, *_: object, **__: object) -> Inert:
        return type(self)()

    def __getitem__(self, key: object) -> Inert:
        return type(self)()

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def get(self, *_: object) -> str:
        """Return a secret: none."""
        return ""

    get_secret = get

    def subplots(self, nrows: int = 1, ncols: int = 1, **_: object) -> tuple[Inert, object]:
        """Return a figure and its axes, in an array where there are several."""
        if nrows == ncols == 1:
            return type(self)(), type(self)()
        axes = np.empty(nrows * ncols, dtype=object)
        axes[:] = [type(self)() for _ in axes]
        return type(self)(), axes.reshape(nrows, ncols) if min(nrows, ncols) > 1 else axes


class _Module(types.ModuleType):
    """A module that has everything, and gives nothing to `import *`.

    An error about something of it names what it stands for: `stand-in for matplotlib`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []
        self._inert: Inert = type(f"stand-in for {name}", (Inert,), {})()

    def __getattr__(self, name: str) -> object:
        return getattr(self._inert, name)


class _Finder(MetaPathFinder, Loader):
    """Finds a stand-in for a module.

    Attributes:
        made: the names of the modules that it stood in for.
    """

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the modules above alone."""
        del path, target
        if any(lies_in(fullname, each) for each in ALWAYS) or is_missing(fullname):
            return importlib.util.spec_from_loader(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """Make the stand-in."""
        self.made.append(spec.name)
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it is complete."""


def lies_in(name: str, package: str) -> bool:
    """Whether a dotted name is a package's, or of a module in it."""
    return name == package or name.startswith(f"{package}.")


def is_missing(name: str) -> bool:
    """Whether a module can't be imported for want of what is not installed."""
    if name.startswith("google."):
        return False  # other packages lie in there, too
    needed = (
        installed
        for installed, packages in MISSING.items()
        if any(lies_in(name, package) for package in packages)
    )
    return any(PathFinder.find_spec(each) is None for each in needed)
