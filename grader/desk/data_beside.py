"""Data files that a student's code names: what lies beside it here is not there in the grade."""

from __future__ import annotations

import ast
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.files import is_declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Exercise
    from grader.guest.loading.sources import Cell, Source

__all__ = ["data_beside"]

LONGEST = 200  # characters of a path; what is longer is a text
CODE = {".py", ".ipynb"}  # a module that is imported is told of where it is set aside
DATA = "data"  # how the course's own are called, here and in the grade


def data_beside(exercise: Exercise, source: Source, home: Path, handed_in: str) -> tuple[str, ...]:
    """Say which files that code names are here and not where it is graded.

    Args:
        exercise: says which files are handed in, and which come with it.
        source: the student's code.
        home: the folder where it lies.
        handed_in: what goes into the grade, in words.
    """
    named = {text for cell in source.cells for text in _strings(cell)}
    return tuple(
        f"Your code names {name}. That file is here, and it is not there when your work is graded: "
        f"only {handed_in} is handed in."
        for name in sorted(named)
        if _is_here(name, home) and not _is_there(exercise, name)
    )


def _strings(cell: Cell) -> Iterator[str]:
    with suppress(SyntaxError, ValueError, RecursionError):
        for node in ast.walk(ast.parse(cell.text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _is_here(name: str, home: Path) -> bool:
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        return False
    with suppress(OSError):
        places = (home / name, Path(name))
        return Path(name).suffix not in CODE and any(place.is_file() for place in places)
    return False


def _is_there(exercise: Exercise, name: str) -> bool:
    """Whether a file is in the folder in which the code runs when it is graded."""
    path = Path(name)
    if path.parts[:1] == (DATA,):
        return exercise.data.joinpath(*path.parts[1:]).is_file()
    return is_declared(path.as_posix(), exercise.files) or path.as_posix() in exercise.all_given
