"""What somebody might hand in, right or wrong, and what each of it must get.

A work is a solution with a change: an `edit` in `mistakes.toml`, or what differs, in a file of its
own: `wrong/EXERCISE/NAME.py`, `right/EXERCISE/NAME.py`. Several files of it are a folder
`wrong/EXERCISE/NAME/`, each under its path; a notebook stands for itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses.declared.strict import meant, read_text
from grader.courses.declared.table import FILE, read_table
from grader.errors import UsageError
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses.course import Course, Exercise
    from grader.courses.declared.strict import Place, StrictFile
    from grader.courses.declared.table import Entry

__all__ = ["Work", "works_of"]

TEST = re.compile(r"^\s*(?:async )?def (test\w*)", re.MULTILINE)
KINDS = ("", ".py", ".ipynb")


@dataclass(frozen=True)
class Work:
    """One of them.

    Attributes:
        name: what it is called: `sum-not-mean`.
        exercise: which exercise it is for.
        verdict: what it must get: of `test`, or, where it is right, of every test.
        test: the hidden test that must catch it; nothing where it is right.
        mistake: the slug that must be named; None where no mistake may be.
        lost: how many points it costs in all, where that is said.
        edit: what is replaced in the solution, and by what: old, new, and so on.
        overlay: the file, or the folder of files, with what differs, where it has no edit.
        told: where it stands, to say what is wrong there.
    """

    name: str
    exercise: Exercise
    verdict: Verdict
    test: str
    mistake: str | None
    lost: float | None
    edit: tuple[str, ...]
    overlay: Path | None
    told: tuple[StrictFile, Place] | Path

    @property
    def is_right(self) -> bool:
        """Whether it must lose nothing."""
        return self.verdict is Verdict.PASSED

    def refusal(self, words: str) -> UsageError:
        """Return what is raised about it: file, line, and what is wrong."""
        if isinstance(self.told, tuple):
            file, place = self.told
            return file.error(place, words)
        return UsageError(f"{self.told}: {words}")


def works_of(course: Course, exercise: Exercise) -> tuple[Work, ...]:
    """Return the works of an exercise: the wrong ones by name, then the right ones.

    Raises:
        UsageError: the course's table can't be read, a work has no change or two, nothing says what
            one must get, or its test is not in the hidden suite; the message names file and line.
    """
    works: dict[tuple[bool, str], Work] = {}
    for work in (*_described(course, exercise), *_right_files(course, exercise)):
        key = (work.is_right, work.name)
        if key in works:
            raise work.refusal(f"{exercise.name} has a work {work.name!r} already")
        works[key] = work
    _refuse_files_of_no_work(course, exercise, {name for right, name in works if not right})
    return tuple(works[key] for key in sorted(works))


def _described(course: Course, exercise: Exercise) -> Iterator[Work]:
    """Give the works of an exercise that the table describes."""
    table = read_table(course.folder)
    tests = _tests_of(exercise)
    for entry, slug, place in table.entries:
        try:
            found = course.exercise_named(entry.exercise)
        except UsageError as error:
            raise table.file.error((*place, "exercise"), str(error)) from error
        if found != exercise:
            continue
        if entry.test and tests and entry.test not in tests:
            words = f"{exercise.name} has no hidden test {entry.test!r}; {meant(entry.test, tests)}"
            raise table.file.error((*place, "test"), words)
        told = (table.file, (*place, "edit") if entry.edit else place)
        yield _work(course, exercise, entry, slug, told)


def _work(
    course: Course,
    exercise: Exercise,
    entry: Entry,
    slug: str | None,
    told: tuple[StrictFile, Place],
) -> Work:
    name = entry.name or slug or ""
    is_right = entry.verdict is Verdict.PASSED
    stem = course.folder / ("right" if is_right else "wrong") / exercise.name / name
    overlay = next((f for kind in KINDS if (f := stem.with_name(name + kind)).exists()), None)
    work = Work(
        name, exercise, entry.verdict, entry.test, slug, entry.lost, entry.edit, overlay, told
    )
    if overlay and entry.edit:
        raise work.refusal(f"{name!r} has an edit, and there is a file {overlay}; which is it?")
    if not overlay and not entry.edit:
        raise work.refusal(f"{name!r} has no edit, and there is no file {stem}.py")
    return work


def _tests_of(exercise: Exercise) -> list[str]:
    suite = exercise.hidden_suite
    return TEST.findall(read_text(suite)) if suite.is_file() else []


def _right_files(course: Course, exercise: Exercise) -> Iterator[Work]:
    """Give the works that are right: a file says it all."""
    for path in _files(course, "right", exercise):
        yield Work(path.stem, exercise, Verdict.PASSED, "", None, None, (), path, path)


def _refuse_files_of_no_work(course: Course, exercise: Exercise, names: set[str]) -> None:
    for path in _files(course, "wrong", exercise):
        if path.stem not in names:
            raise UsageError(
                f"{path}: nothing says what it must get; {FILE} needs a `[[SLUG.wrong]]` with "
                f'exercise = "{exercise.name}", name = "{path.stem}" and a test'
            )


def _files(course: Course, kind: str, exercise: Exercise) -> list[Path]:
    """Return what lies in a folder of works, but for what Python and editors leave there.

    Raises:
        UsageError: a folder beside it is for no exercise.
    """
    folder = course.folder / kind
    names = [each.name for each in course.exercises]
    for each in _visible(folder):
        if each.name not in names:
            raise UsageError(
                f"{each}: there is no exercise {each.name!r}; {meant(each.name, names)}"
            )
    return _visible(folder / exercise.name)


def _visible(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [each for each in found if not each.name.startswith((".", "__"))]
