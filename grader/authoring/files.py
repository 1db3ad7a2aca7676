"""The generated files of a course: written, or compared with what would be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.authoring.cells import make_cells_notebook
from grader.authoring.notebook import make_notebook
from grader.authoring.regions import BEGIN, AuthoringError
from grader.authoring.stub import make_stub

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = ["stale_stubs", "stub_file", "write_stubs"]

WORD = re.compile(r"[A-Za-z]*")  # what a name begins with: `ex` of `ex01_losses`
KINDS = {".py", ".ipynb"}


def write_stubs(course: Course) -> list[Path]:
    """Write stub and notebook of every solution and return their paths, sorted.

    Nothing is written unless all of them can be made. A file that no solution belongs to any more
    is left alone.

    Raises:
        AuthoringError: a solution that no stub can be made from, or that no exercise is called by.
        UsageError: an exercise has no solution.
    """
    generated = _generate(course)
    course.stubs.mkdir(parents=True, exist_ok=True)
    for file_name, content in generated.items():
        (course.stubs / file_name).write_bytes(content)
    return sorted(course.stubs / file_name for file_name in generated)


def stale_stubs(course: Course) -> list[Path]:
    """Return the paths where a course's stubs are not what `write_stubs` makes, sorted.

    These are files that differ, that are missing, and that no solution belongs to any more.

    Raises:
        AuthoringError: as `write_stubs`.
        UsageError: as `write_stubs`.
    """
    expected = _generate(course)
    found = {path.name: path.read_bytes() for path in _files_like_its_own(course)}
    names = expected.keys() | found.keys()
    return sorted(course.stubs / name for name in names if expected.get(name) != found.get(name))


def _files_like_its_own(course: Course) -> list[Path]:
    """Return what is called as the course calls its exercises, by the word before the number."""
    words = {_word(exercise.name) for exercise in course.exercises}
    files = sorted(course.stubs.iterdir()) if course.stubs.is_dir() else []
    return [file for file in files if file.suffix in KINDS and _word(file.stem) in words]


def _word(name: str) -> str:
    found = WORD.match(name)
    return found[0] if found else ""


def _generate(course: Course) -> dict[str, bytes]:
    """Return the content of every generated file by name."""
    _refuse_solutions_of_no_exercise(course)
    return {
        name: stub_file(exercise, course.solution_of(exercise), name.removeprefix(exercise.name))
        for exercise in course.exercises
        for name in exercise.file_names
    }


def _refuse_solutions_of_no_exercise(course: Course) -> None:
    """Refuse a file with something to write that the course does not name, as after a typo."""
    names = {exercise.name for exercise in course.exercises}
    for file in sorted(course.solutions.glob("*.py")):
        if file.stem not in names and BEGIN in file.read_text(encoding="utf-8"):
            raise AuthoringError(f"{file.name}:1", "course.toml has no exercise of this name")


def stub_file(exercise: Exercise, solution: Path, suffix: str) -> bytes:
    """Make the stub (`.py`) or the notebook (`.ipynb`) of one solution.

    Raises:
        AuthoringError: no stub can be made from it.
    """
    source = solution.read_text(encoding="utf-8")
    if suffix == ".py":
        return make_stub(source, exercise.name).encode()
    import nbformat

    make = make_cells_notebook if exercise.cells else make_notebook
    notebook: str = nbformat.writes(make(source, exercise.name))
    return f"{notebook}\n".encode()
