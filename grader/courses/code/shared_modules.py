"""What the suites of a course share: they find it under `kit` and `beside`, whatever else is there.

Only these two names are looked up in the course's folder. So a solution that lies there takes the
place of no installed module, and no installed module that of what the course shares.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType

__all__ = ["BESIDE", "KIT", "SHARED", "shared_modules"]

KIT = "kit"  # on the judge's side alone
BESIDE = "beside"  # in the sandbox with a submission, too
SHARED = frozenset({BESIDE, KIT})


@contextmanager
def shared_modules(folder: Path) -> Iterator[None]:
    """Let code import what the course in a folder shares; the next course begins without it.

    What else has these names is there again afterwards. Inside of itself it does nothing, for the
    same course. Not thread-safe.
    """
    if any(isinstance(each, _Finder) and each.folder == folder for each in sys.meta_path):
        yield
        return
    finder, before = _Finder(folder), _taken_out()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path[:] = [each for each in sys.meta_path if each is not finder]
        _taken_out()
        sys.modules.update(before)


class _Finder(MetaPathFinder):
    """Finds the packages of these names in one folder alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find one of them; what is inside it is found as in every package.

        Raises:
            ModuleNotFoundError: the course has none, and no other is meant.
        """
        del target
        if path is not None or fullname not in SHARED:
            return None
        spec = PathFinder.find_spec(fullname, [str(self.folder)])
        if spec is None:
            where = self.folder / fullname
            raise ModuleNotFoundError(f"there is no {where} to import from", name=fullname)
        if spec.submodule_search_locations is not None:
            # else a package without `__init__.py` would be looked for on `sys.path` again
            spec.submodule_search_locations = list(spec.submodule_search_locations)
        return spec


def _taken_out() -> dict[str, ModuleType]:
    """Take from Python's modules those that have these names, and return them."""
    names = [name for name in sys.modules if name.partition(".")[0] in SHARED]
    return {name: sys.modules.pop(name) for name in names}
