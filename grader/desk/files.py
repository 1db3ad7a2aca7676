"""Where a student's files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.known_names import known_as
from grader.desk.given_out import is_same, is_untouched, solution_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise

__all__ = [
    "FOLDERS",
    "changed_beside",
    "file_of",
    "file_to_reset",
    "files_here",
    "files_to_check",
    "place_of",
]

FOLDERS = (Path("exercises"), Path())  # where students keep their files
SUFFIXES = {".py", ".ipynb"}
SOME = 3  # that are named, of many


def files_here(course: Course) -> list[tuple[Exercise, Path]]:
    """Find the file of every exercise, in the course's order.

    Raises:
        UsageError: there is none.
    """
    found = [(each, file) for each in course.exercises if (file := file_of(course, each))]
    if not found:
        names = [each.file_names[0] for each in course.exercises[:SOME]]
        more = ", …" if len(course.exercises) > SOME else ""
        raise UsageError(
            f"there is no exercise here (no {', '.join(names)}{more}); run it where your "
            "`exercises` folder is"
        )
    return found


def files_to_check(course: Course, wanted: Sequence[str]) -> list[tuple[Exercise, Path]]:
    """Find the files that names of exercises or files mean.

    Raises:
        UsageError: a name means no exercise, or there is no such file.
    """
    return [_one_file(course, name) for name in wanted]


def _one_file(course: Course, name: str) -> tuple[Exercise, Path]:
    path = Path(name)
    if path.suffix in SUFFIXES:
        if not path.is_file():
            raise UsageError(f"there is no file {name}")
        known = known_as(path.name, course)
        return course.exercise_named(known.exercise if known else path.stem), path
    exercise = course.exercise_named(name)
    found = file_of(course, exercise)
    if found is None:
        places = " or ".join(str(folder / exercise.file_names[0]) for folder in FOLDERS)
        raise UsageError(f"there is no file of {exercise.name}; expected {places}")
    return exercise, found


def file_to_reset(course: Course, name: str) -> tuple[Exercise, Path]:
    """Find the one file that the name of an exercise or a file means; it may be gone.

    Raises:
        UsageError: the name means no exercise, or there is no such file, or it is a solution.
    """
    if Path(name).suffix not in SUFFIXES:
        exercise = course.exercise_named(name)
        return exercise, place_of(course, exercise)
    exercise, file = _one_file(course, name)
    if _is_solution(course, exercise, file):
        raise UsageError(f"{file} is the course's solution, and no file to reset")
    return exercise, file


def file_of(course: Course, exercise: Exercise) -> Path | None:
    """Return an exercise's file: the first that was worked on, a module before a notebook.

    The grade takes the same one. A solution is none, where a course's own folder is worked in.
    """
    places = (folder / name for folder in FOLDERS for name in exercise.file_names)
    files = [file for file in places if file.is_file() and not _is_solution(course, exercise, file)]
    worked_on = (file for file in files if not is_untouched(course, exercise, file))
    return next(worked_on, next(iter(files), None))


def _is_solution(course: Course, exercise: Exercise, file: Path) -> bool:
    solution = solution_of(course, exercise)
    return solution is not None and is_same(file, solution)


def changed_beside(course: Course, exercise: Exercise, file: Path) -> list[Path]:
    """Return which of an exercise's files in a file's folder were worked on, modules first."""
    beside = [file.with_name(name) for name in exercise.file_names]
    return [each for each in beside if each.is_file() and not is_untouched(course, exercise, each)]


def place_of(course: Course, exercise: Exercise) -> Path:
    """Return an exercise's file, or where it would be if there were one."""
    name = exercise.file_names[0]
    places = [folder / name for folder in FOLDERS if folder.is_dir()]
    free = (place for place in places if not _is_solution(course, exercise, place))
    return file_of(course, exercise) or next(free, FOLDERS[0] / name)
