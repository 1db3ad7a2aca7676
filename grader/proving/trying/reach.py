"""Which functions of a submission a test runs: where others are changed, it need not run again."""

from __future__ import annotations

import ast
import builtins
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from types import FrameType

__all__ = ["changed_functions", "traced"]


@contextmanager
def traced(files: Container[str]) -> Iterator[set[str]]:
    """Note which functions of some files are called meanwhile: `train`, `Net.forward`."""
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in files:
            called.add(frame.f_code.co_qualname.partition(".<locals>")[0])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)


def changed_functions(old: Mapping[str, str], new: Mapping[str, str]) -> set[str] | None:
    """Return which functions and methods, or of a notebook which cells, differ between submissions.

    Returns:
        None where anything else differs, too: what runs when a file is loaded may concern all.
    """
    if old.keys() != new.keys():
        return None
    if not all(name.endswith(".py") for name in old):
        return _changed_cells(*old.values(), *new.values()) if len(old) == 1 else None
    changed: set[str] = set()
    for name, text in old.items():
        functions, rest = _parts(text)
        others, other_rest = _parts(new[name])
        added = others.keys() - functions.keys()
        if rest != other_rest or functions.keys() - others.keys() or added & vars(builtins).keys():
            return None
        changed |= {each for each, text in others.items() if functions.get(each) != text}
    return changed


def _changed_cells(old: str, new: str) -> set[str] | None:
    """Return the ids of the cells that differ; None where they are not the same ones."""
    cells, others = _cells(old), _cells(new)
    if not cells or cells.keys() != others.keys():
        return None
    return {each for each, text in cells.items() if others[each] != text}


def _cells(notebook: str) -> dict[str, str]:
    """Return the text of each cell by its id; nothing where a cell has none."""
    cells = json.loads(notebook).get("cells", [])
    if not all("id" in cell for cell in cells):
        return {}
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


def _parts(text: str) -> tuple[dict[str, str], list[str]]:
    """Return what each function of a module does, and what else stands in it; no docstring."""
    functions: dict[str, str] = {}
    rest: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = _dump(node)
        elif isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            functions |= {f"{node.name}.{each.name}": _dump(each) for each in methods}
            node.body = [each for each in node.body if each not in methods]
            rest.append(ast.dump(node))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            rest.append(ast.dump(node))
    return functions, list(dict.fromkeys(rest))  # an import that is repeated changes nothing


def _dump(node: ast.FunctionDef) -> str:
    """Return what a function does, whatever its docstring says."""
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:]
    return ast.dump(node)
