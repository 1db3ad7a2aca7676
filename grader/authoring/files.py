"""The generated files of `exercises/`: written, or compared with what would be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.authoring.cells import make_cells_notebook
from grader.authoring.notebook import make_notebook
from grader.authoring.stub import make_stub

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["stale_stubs", "stub_file", "write_stubs"]

EXERCISE_FILE = re.compile(r"(ex\d\d|lab)_\w+\.(py|ipynb)")


def write_stubs(solutions: Path, exercises: Path) -> list[Path]:
    """Write stub and notebook of every solution and return their paths, sorted.

    Nothing is written unless all of them can be made. A file that no solution belongs to any more
    is left alone.

    Raises:
        AuthoringError: a solution that no stub can be made from.
    """
    generated = _generate(solutions)
    exercises.mkdir(parents=True, exist_ok=True)
    for file_name, content in generated.items():
        (exercises / file_name).write_bytes(content)
    return sorted(exercises / file_name for file_name in generated)


def stale_stubs(solutions: Path, exercises: Path) -> list[Path]:
    """Return the paths where `exercises` is not what `write_stubs` makes, sorted.

    These are files that differ, that are missing, and that no solution belongs to.

    Raises:
        AuthoringError: a solution that no stub can be made from.
    """
    expected = _generate(solutions)
    found = {path.name: path.read_bytes() for path in _exercise_files(exercises)}
    names = expected.keys() | found.keys()
    return sorted(exercises / name for name in names if expected.get(name) != found.get(name))


def _exercise_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if EXERCISE_FILE.fullmatch(path.name))


def _generate(solutions: Path) -> dict[str, bytes]:
    """Return the content of every generated file by name."""
    return {
        f"{path.stem}{suffix}": stub_file(path, suffix)
        for path in _exercise_files(solutions)
        for suffix in ((".ipynb",) if _is_whole_lab(path) else (".ipynb", ".py"))
    }


def stub_file(solution: Path, suffix: str) -> bytes:
    """Make the stub (`.py`) or the notebook (`.ipynb`) of one solution.

    Raises:
        AuthoringError: no stub can be made from it.
    """
    source = solution.read_text(encoding="utf-8")
    if suffix == ".py":
        return make_stub(source, solution.stem).encode()
    import nbformat

    make = make_cells_notebook if _is_whole_lab(solution) else make_notebook
    notebook: str = nbformat.writes(make(source, solution.stem))
    return f"{notebook}\n".encode()


def _is_whole_lab(solution: Path) -> bool:
    return solution.stem.startswith("lab_")
