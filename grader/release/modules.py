"""Which modules of this package the student's desk needs: those that it imports, and so on."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from grader.lab import EXERCISES, PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["modules_of_the_desk"]

COMMANDS = ("__main__.py", "cli.py", "commands/desk.py")
FOR_NOTEBOOKS = ("digits.py",)  # what is imported by their own cells
AUTHORING = "authoring"  # where there are solutions; a release has none


def modules_of_the_desk() -> list[str]:
    """Return the files, as paths inside the package, sorted."""
    checks = [f"checks/{each.public_checks.name}" for each in EXERCISES]
    waiting = [*COMMANDS, *FOR_NOTEBOOKS, *checks]
    waiting += [f"desk/{file.name}" for file in (PACKAGE / "desk").glob("*.py")]
    needed: set[str] = set()
    while waiting:
        file = waiting.pop()
        if file in needed or file.startswith(AUTHORING):
            continue
        needed.add(file)
        waiting += _packages_around(file)
        waiting += _imported_by(PACKAGE / file)
    return sorted(needed)


def _packages_around(file: str) -> list[str]:
    return [(folder / "__init__.py").as_posix() for folder in Path(file).parents]


def _imported_by(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(_without_type_checking(tree)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from _files_of(node.module)
            for name in node.names:
                yield from _files_of(f"{node.module}.{name.name}")


def _without_type_checking(tree: ast.Module) -> ast.Module:
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return tree


def _files_of(module: str) -> list[str]:
    """Return a module's file if it is one of ours."""
    top, *inner = module.split(".")
    if top != PACKAGE.name or not inner:
        return []
    places = ("/".join(inner) + ".py", "/".join([*inner, "__init__.py"]))
    return [place for place in places if (PACKAGE / place).is_file()]
