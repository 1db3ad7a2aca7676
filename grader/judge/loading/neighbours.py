"""What lies beside a student's file: it is not graded with it, so it is not loaded for a check."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from weakref import finalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["empty_folder", "modules_beside", "remove_empty_folders", "without_neighbours"]

_made: set[Path] = set()


def empty_folder(owner: object) -> Path:
    """Make a folder to run code in, as it has one when it is graded; it goes with its owner.

    A link in it goes, and what it leads to stays.
    """
    folder = Path(mkdtemp(prefix="grader-check-"))
    _made.add(folder)
    finalize(owner, _remove, folder)
    return folder


def remove_empty_folders() -> None:
    """Remove what `empty_folder` has made, in a process that ends without its exit handlers."""
    for folder in tuple(_made):
        _remove(folder)


def _remove(folder: Path) -> None:
    rmtree(folder, ignore_errors=True)
    _made.discard(folder)


def modules_beside(file: Path, content: bytes) -> tuple[str, ...]:
    """Name the modules in a file's folder that its content names."""
    stems = sorted(each.stem for each in file.parent.glob("*.py") if each != file)
    return tuple(stem for stem in stems if stem.encode() in content)


@contextmanager
def without_neighbours(folder: Path) -> Iterator[None]:
    """Let nothing be imported meanwhile from a folder of a student's, nor from the current one.

    `python -m` and a student's own `sys.path` put them among the folders that are searched.
    """
    finder = _Refusal({folder.resolve(), Path.cwd()})
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path[:] = [each for each in sys.meta_path if each is not finder]


class _Refusal(MetaPathFinder):
    """Finds no module, and keeps the next from finding one that lies in some folders."""

    def __init__(self, folders: set[Path]) -> None:
        self._folders = folders

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return None.

        Raises:
            ModuleNotFoundError: the module lies in one of the folders.
        """
        del target
        spec = PathFinder.find_spec(fullname) if path is None else None
        if spec is not None and any(map(self._holds, _places(spec))):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None

    def _holds(self, place: Path) -> bool:
        return not self._folders.isdisjoint((place, place.parent))


def _places(spec: ModuleSpec) -> list[Path]:
    """Return where a module's file is, or the folders of a package."""
    places = spec.submodule_search_locations or ([spec.origin] if spec.origin else [])
    return [Path(place).resolve() for place in places]
