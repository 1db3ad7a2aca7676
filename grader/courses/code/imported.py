"""Which modules of this package some of its files import, and what these import, and so on."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.carried import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["import_closure"]


def import_closure(
    files: Iterable[str], package: Path, follow: Callable[[str], bool]
) -> frozenset[str]:
    """Return files of a package with all that they import, as paths inside the package.

    What type checkers alone import does not count. A file that is not there imports nothing, and
    neither does one that is no Python.

    Args:
        files: where to begin; they are part of what is returned.
        package: the package's folder.
        follow: tells of a file whether it counts.
    """
    waiting = list(files)
    needed: set[str] = set()
    while waiting:
        file = waiting.pop()
        if file in needed or not follow(file):
            continue
        needed.add(file)
        waiting += _packages_around(file)
        path = package / file
        if path.is_file():
            names = _imported_by(path.read_bytes())
            waiting += [found for name in names for found in _files_of(name, package)]
    return frozenset(needed)


def _packages_around(file: str) -> list[str]:
    return [(folder / "__init__.py").as_posix() for folder in Path(file).parents]


@cache
def _imported_by(source: bytes) -> frozenset[str]:
    """Name what may be a module of ours: `a.b` and `a.b.c` for `from a.b import c`."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(_imports_in(_without_type_checking(tree)))


def _imports_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _without_type_checking(tree: ast.Module) -> ast.Module:
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return tree


def _files_of(module: str, package: Path) -> list[str]:
    """Return a module's file if it is one of ours."""
    top, *inner = module.split(".")
    if top != PACKAGE.name or not inner:
        return []
    places = ("/".join(inner) + ".py", "/".join([*inner, "__init__.py"]))
    return [place for place in places if (package / place).is_file()]
