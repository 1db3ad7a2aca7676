"""`check`: the public checks of a student's own files, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.lab import EXERCISES, Exercise, exercise_named
from grader.reports.wording import SIGNS
from grader.verdicts import TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Checked", "check_lines", "files_to_check", "run_checks"]

FOLDERS = (Path("exercises"), Path())  # where students keep their files


@dataclass(frozen=True)
class Checked:
    """One file and what its checks gave."""

    exercise: Exercise
    file: Path
    results: tuple[TestResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(result.verdict is Verdict.PASSED for result in self.results)


def files_to_check(wanted: Sequence[str]) -> list[tuple[Exercise, Path]]:
    """Find the files that names of exercises or files mean; all exercises where none is named.

    Raises:
        UsageError: a name means no exercise, or there is no such file.
    """
    if not wanted:
        return [found for exercise in EXERCISES if (found := _file_of(exercise)) is not None]
    return [_one_file(name) for name in wanted]


def _one_file(name: str) -> tuple[Exercise, Path]:
    path = Path(name)
    if path.suffix in {".py", ".ipynb"}:
        if not path.is_file():
            raise UsageError(f"there is no file {name}")
        return exercise_named(path.stem), path
    exercise = exercise_named(name)
    found = _file_of(exercise)
    if found is None:
        places = " or ".join(str(folder / exercise.file_names[0]) for folder in FOLDERS)
        raise UsageError(f"there is no file of {exercise.name}; expected {places}")
    return found


def _file_of(exercise: Exercise) -> tuple[Exercise, Path] | None:
    for folder in FOLDERS:
        for name in exercise.file_names:
            file = folder / name
            if file.is_file():
                return exercise, file
    return None


def run_checks(exercise: Exercise, file: Path) -> Checked:
    """Run the public checks of one file."""
    from grader.judge.local import run_locally

    return Checked(exercise, file, tuple(run_locally(exercise, file)))


def check_lines(checked: Checked) -> Iterator[str]:
    """Say what the checks gave: a line each, the first failure in full, and what to do next."""
    yield f"{checked.exercise.name}  {checked.exercise.title}"
    for result in checked.results:
        yield f"  {SIGNS[result.verdict]} {result.title}  [{result.verdict.words}]"
    failed = next((each for each in checked.results if each.verdict is not Verdict.PASSED), None)
    if failed is None:
        yield f"  All {len(checked.results)} checks passed."
        return
    yield ""
    yield from (f"  {line}" for line in failed.message.splitlines())
    if failed.hint:
        yield f"  Hint: {failed.hint.splitlines()[0]}"
    yield f"  Next: edit {checked.file}, then run `grader check {checked.file}` again."
