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
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType

__all__ = ["SHARED", "shared_modules"]

SHARED = frozenset({"beside", "kit"})


@contextmanager
def shared_modules(folders: Iterable[Path]) -> Iterator[None]:
    """Let suites import what is in some courses' folders; the next course begins without it."""
    finder = _Finder([str(folder) for folder in folders])
    before = {name: module for name, module in sys.modules.items() if _is_shared(name)}
    _forget()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path[:] = [each for each in sys.meta_path if each is not finder]
        _forget()
        sys.modules.update(before)


class _Finder(MetaPathFinder):
    """Finds the packages of these names in some folders alone."""

    def __init__(self, folders: list[str]) -> None:
        self._folders = folders

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find one of them; what is inside it is found as in every package."""
        del target
        if path is not None or fullname not in SHARED:
            return None
        spec = PathFinder.find_spec(fullname, self._folders)
        if spec is not None and spec.submodule_search_locations is not None:
            # else a package without `__init__.py` would be looked for on `sys.path` again
            spec.submodule_search_locations = list(spec.submodule_search_locations)
        return spec


def _is_shared(name: str) -> bool:
    return name.partition(".")[0] in SHARED


def _forget() -> None:
    for name in list(filter(_is_shared, sys.modules)):
        del sys.modules[name]
