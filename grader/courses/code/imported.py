"""Which modules of ours and of a course some files import, and what these import, and so on."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["import_closure", "place_of"]


def import_closure(
    files: Iterable[str], roots: Mapping[str, Path], follow: Callable[[str], bool] = lambda _: True
) -> frozenset[str]:
    """Return files with all that they import, as paths that begin with the name of a root.

    What type checkers alone import does not count. A file that is not there imports nothing, and
    neither does one that is no Python.

    Args:
        files: where to begin, `hidden/hw1.py`; they are part of what is returned.
        roots: the folders whose modules count, by the names that they are imported by.
        follow: tells of a file whether it counts.
    """
    waiting = list(files)
    needed: set[str] = set()
    asked: set[str] = set()  # a disk may be slow to say what is there
    while waiting:
        file = waiting.pop()
        if file in needed or not follow(file):
            continue
        needed.add(file)
        places = _packages_around(file)
        path = place_of(file, roots)
        if path.is_file():
            names = _imported_by(path.read_bytes())
            places.update(place for name in names for place in _places_of(name, roots))
        waiting += [each for each in places - asked if place_of(each, roots).is_file()]
        asked |= places
    return frozenset(needed)


def place_of(file: str, roots: Mapping[str, Path]) -> Path:
    """Return where a file lies."""
    root, _, rest = file.partition("/")
    return roots[root] / rest


def _packages_around(file: str) -> set[str]:
    """Return the files of the packages that a module is in; a package need not have one."""
    return {(folder / "__init__.py").as_posix() for folder in PurePosixPath(file).parents[:-1]}


@cache
def _imported_by(source: bytes) -> frozenset[str]:
    """Name what may be a module of ours: `a.b` and `a.b.c` for `from a.b import c`."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(_imports_in(_without_type_checking(tree)))


def _imports_in(tree: ast.Module) -> Iterator[str]:
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Give all statements, and what else holds some; expressions, which are most, are left out."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            inner = getattr(node, part, ())
            waiting += inner if isinstance(inner, list) else ()


def _without_type_checking(tree: ast.Module) -> ast.Module:
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return tree


def _places_of(module: str, roots: Mapping[str, Path]) -> list[str]:
    """Return where a module's file would be, if it is one that lies in a root."""
    path = module.replace(".", "/")
    if module.partition(".")[0] not in roots:
        return []
    return [each for each in (f"{path}.py", f"{path}/__init__.py") if "/" in each]
