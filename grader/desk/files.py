"""Where a student's files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.files import declared_in, home_of, is_declared
from grader.courses.known_names import known_as
from grader.desk.given_out import is_changed, is_untouched, solutions_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise

__all__ = [
    "FOLDERS",
    "changed_beside",
    "exercise_at",
    "exercises_to_watch",
    "file_of",
    "file_to_reset",
    "files_here",
    "files_to_check",
    "folders_here",
    "main_name",
    "place_of",
    "used_here",
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
        raise UsageError(f"there is no exercise here {_what_is_here(course)}")
    return found


def _what_is_here(course: Course) -> str:
    if any(_is_solution(course, each, Path(main_name(each))) for each in course.exercises):
        return "but the course's solutions; `grader stubs` makes `exercises` of them"
    names = [main_name(each) for each in course.exercises[:SOME]]
    more = ", …" if len(course.exercises) > SOME else ""
    return f"(no {', '.join(names)}{more}); run it where your `exercises` folder is"


def folders_here(course: Course) -> list[Path]:
    """Return the folders in which the exercises' files are, or may be."""
    patterns = [pattern for exercise in course.exercises for pattern in exercise.files]
    inner = {Path(pattern).parent for pattern in patterns} - {Path()}
    every = (place for folder in FOLDERS for place in (folder, *(folder / each for each in inner)))
    return [place for place in every if place.is_dir()]


def files_to_check(course: Course, wanted: Sequence[str]) -> list[tuple[Exercise, Path]]:
    """Find the files that names of exercises or files mean.

    Raises:
        UsageError: a name means no exercise, or there is no such file.
    """
    return [_one_file(course, name) for name in wanted]


def _one_file(course: Course, name: str) -> tuple[Exercise, Path]:
    path = Path(name)
    of_several = _of_several(course, path)
    if of_several or path.suffix in SUFFIXES:
        if not path.is_file():
            raise UsageError(f"there is no file {name}")
        return of_several or _by_name(course, path), path
    exercise = course.exercise_named(name)
    found = file_of(course, exercise)
    if found is None:
        places = " or ".join(str(folder / main_name(exercise)) for folder in FOLDERS)
        raise UsageError(f"there is no file of {exercise.name}; expected {places}")
    return exercise, found


def exercises_to_watch(course: Course, wanted: Sequence[str]) -> tuple[Exercise, ...]:
    """Find the exercises that names of exercises or files mean, in the course's order.

    Raises:
        UsageError: as `files_to_check`, or a file has another name than its exercise's.
    """
    found = set()
    for exercise, file in files_to_check(course, wanted):
        if exercise_at(course, file) != exercise:
            words = f"watch follows {main_name(exercise)}, and not {file}: rename it"
            raise UsageError(f"{words}, or check it with `grader check`")
        found.add(exercise)
    return tuple(each for each in course.exercises if each in found)


def exercise_at(course: Course, path: Path) -> Exercise | None:
    """Return the exercise of which a file is one, by its whole name."""
    by_name = (each for each in course.exercises if path.name in each.file_names)
    return _of_several(course, path) or next(by_name, None)


def _of_several(course: Course, path: Path) -> Exercise | None:
    """Return the exercise that names a file among several."""
    parts = path.absolute().parts
    tails = ["/".join(parts[start:]) for start in range(1, len(parts))]
    for exercise in course.exercises:
        if any(is_declared(tail, exercise.files) for tail in tails):
            return exercise
    return None


def _by_name(course: Course, path: Path) -> Exercise:
    known = known_as(path.name, course)
    return course.exercise_named(known.exercise if known else path.stem)


def file_to_reset(course: Course, name: str) -> tuple[Exercise, Path]:
    """Find the file that the name of an exercise or a file means; it may be gone.

    Raises:
        UsageError: the name means no exercise, or there is no such file, or it is a solution.
    """
    path = Path(name)
    if path.suffix not in SUFFIXES:
        exercise = course.exercise_named(name)
        return exercise, place_of(course, exercise)
    exercise, file = _one_file(course, name)
    if _is_solution(course, exercise, file):
        raise UsageError(f"{file} is the course's solution, and no file to reset")
    return exercise, file


def file_of(course: Course, exercise: Exercise) -> Path | None:
    """Return an exercise's file: the first that was worked on, a module before a notebook.

    The grade takes the same one. Of an exercise with several files it is the first of them. A
    solution is none, where a course's own folder is worked in.
    """
    files = [
        file
        for folder in FOLDERS
        for file in _files_in(folder, exercise)
        if not _is_solution(course, exercise, file)
    ]
    return _worked_on(course, exercise, files)


def _worked_on(course: Course, exercise: Exercise, files: Sequence[Path]) -> Path | None:
    """Return the first file that was worked on, or else the first."""
    worked_on = (file for file in files if not is_untouched(course, exercise, file))
    return next(worked_on, next(iter(files), None))


def _files_in(folder: Path, exercise: Exercise) -> list[Path]:
    if exercise.files:
        return list(declared_in(folder, exercise.files).values())[:1]
    return [folder / name for name in exercise.file_names if (folder / name).is_file()]


def _is_solution(course: Course, exercise: Exercise, file: Path) -> bool:
    return file.exists() and any(map(file.samefile, solutions_of(course, exercise)))


def changed_beside(course: Course, exercise: Exercise, file: Path) -> list[Path]:
    """Return which of an exercise's files in a file's folder were worked on, modules first."""
    beside = [file.with_name(name) for name in exercise.file_names]
    return [each for each in beside if each.is_file() and is_changed(course, exercise, each)]


def used_here(course: Course, exercise: Exercise, file: Path) -> list[tuple[Exercise, Path]]:
    """Return the student's files of the exercises that one builds on: those beside it, else here.

    Args:
        course: of the exercise.
        exercise: the one that builds on others.
        file: the student's for it.
    """
    home = home_of(file, exercise.files)
    used: list[tuple[Exercise, Path]] = []
    for earlier in exercise.all_used:
        beside = _worked_on(course, earlier, _files_in(home, earlier))
        found = beside or file_of(course, earlier)
        used += [(earlier, found)] if found else []
    return used


def place_of(course: Course, exercise: Exercise) -> Path:
    """Return an exercise's file, or where it would be if there were one."""
    name = main_name(exercise)
    places = [folder / name for folder in FOLDERS if folder.is_dir()]
    free = (place for place in places if not _is_solution(course, exercise, place))
    return file_of(course, exercise) or next(free, FOLDERS[0] / name)


def main_name(exercise: Exercise) -> str:
    """Return what an exercise's file is called; of several the first, or the pattern of it."""
    return (*exercise.file_names, *exercise.files)[0]
