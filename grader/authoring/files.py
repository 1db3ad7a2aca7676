"""The generated files of a course: written, or compared with what would be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.authoring.card import picture_of, refuse_pictures_of_no_exercise
from grader.authoring.cells import make_cells_notebook
from grader.authoring.notebook import make_notebook
from grader.authoring.playing import play_cells, refuse_play_of_no_exercise
from grader.authoring.regions import BEGIN, AuthoringError
from grader.authoring.stub import make_stub
from grader.courses.declared.formulas import read_formulas
from grader.courses.declared.strict import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = ["stale_stubs", "stub_file", "write_stubs"]

WORD = re.compile(r"[A-Za-z]*")  # what a name begins with: `hw` of `hw1_losses`
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
    for file_name, content in generated.items():
        file = course.stubs / file_name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return sorted(course.stubs / file_name for file_name in generated)


def stale_stubs(course: Course) -> list[Path]:
    """Return the paths where a course's stubs are not what `write_stubs` makes, sorted.

    These are files that differ, that are missing, and that no solution belongs to any more.

    Raises:
        AuthoringError: as `write_stubs`.
        UsageError: as `write_stubs`.
    """
    expected = _generate(course)
    files = [*_files_like_its_own(course), *_files_in_its_folders(course)]
    found = {path.relative_to(course.stubs).as_posix(): path.read_bytes() for path in files}
    names = expected.keys() | found.keys()
    return sorted(course.stubs / name for name in names if expected.get(name) != found.get(name))


def _files_like_its_own(course: Course) -> list[Path]:
    """Return what is called as the course calls its exercises, by the word before the number."""
    words = {_word(exercise.name) for exercise in course.exercises}
    files = sorted(course.stubs.iterdir()) if course.stubs.is_dir() else []
    return [file for file in files if file.suffix in KINDS and _word(file.stem) in words]


def _files_in_its_folders(course: Course) -> list[Path]:
    """Return what lies where an exercise has several files, and what is given out with any."""
    patterns = {pattern for each in course.exercises for pattern in (*each.files, *each.given)}
    every = {file for pattern in patterns for file in course.stubs.glob(pattern)}
    return sorted(file for file in every if file.is_file() and file.suffix in KINDS)


def _word(name: str) -> str:
    found = WORD.match(name)
    return found[0] if found else ""


def _generate(course: Course) -> dict[str, bytes]:
    """Return the content of every file that students get, by its path among the stubs."""
    _refuse_solutions_of_no_exercise(course)
    refuse_play_of_no_exercise(course)
    refuse_pictures_of_no_exercise(course)
    generated: dict[str, bytes] = {}
    for exercise in course.exercises:
        for name, content in _given_out(course, exercise).items():
            if generated.setdefault(name, content) != content:
                raise AuthoringError(name, "two exercises give out files of this name")
    return generated


def _given_out(course: Course, exercise: Exercise) -> dict[str, bytes]:
    """Return what is given out for one exercise, by path: stubs, and modules as they are."""
    solution = course.solution_of(exercise)
    given = {name: file.read_bytes() for name, file in exercise.given.items()}
    if exercise.files:
        return stubs_of_several(exercise) | given
    stubs = {
        name: stub_file(course, exercise, solution, name.removeprefix(exercise.name))
        for name in exercise.file_names
    }
    return stubs | given


def stubs_of_several(exercise: Exercise) -> dict[str, bytes]:
    """Make the stubs of an exercise that has several files; one without a region stays as it is.

    Raises:
        AuthoringError: no stub can be made from one, or there is nothing to write in any of them.
    """
    sources = {name: read_text(file) for name, file in exercise.modules.items()}
    if not any(BEGIN in source for source in sources.values()):
        raise AuthoringError(exercise.name, f"nothing to write: there is no {BEGIN!r} in its files")
    return {
        name: (make_stub(source, name.removesuffix(".py")) if BEGIN in source else source).encode()
        for name, source in sources.items()
    }


def _refuse_solutions_of_no_exercise(course: Course) -> None:
    """Refuse a file with something to write that the course does not name, as after a typo."""
    names = {exercise.name for exercise in course.exercises if not exercise.files}
    names |= {file.stem for each in course.exercises for file in each.modules.values()}
    for file in sorted(course.solutions.glob("*.py")):
        if file.stem not in names and BEGIN in read_text(file):
            raise AuthoringError(f"{file.name}:1", "course.toml has no exercise of this name")


def stub_file(course: Course, exercise: Exercise, solution: Path, suffix: str) -> bytes:
    """Make the stub (`.py`) or the notebook (`.ipynb`) of one solution.

    Raises:
        AuthoringError: no stub can be made from it.
        UsageError: the course's formulas can't be read.
    """
    source = read_text(solution)
    if suffix == ".py":
        return make_stub(source, exercise.name).encode()
    import nbformat

    formulas = read_formulas(course.folder, (each.name for each in course.exercises))
    shown = formulas.get(exercise.name, {}), picture_of(exercise)
    if exercise.cells:
        made = make_cells_notebook(source, exercise.name, *shown)
    else:
        made = make_notebook(source, exercise.name, *shown, play_cells(exercise, source))
    notebook: str = nbformat.writes(made)
    return f"{notebook}\n".encode()
