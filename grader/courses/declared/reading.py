"""`course.toml`: what a course says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from grader.courses.code.course_code import Hooks
from grader.courses.code.shared_modules import SHARED
from grader.courses.course import Course, Exercise
from grader.courses.declared.declaring import faults
from grader.courses.declared.late_table import LATE, faults_of_late, late_policy
from grader.courses.declared.strict import StrictFile, meant, read_text
from grader.courses.late_work import LatePolicy
from grader.courses.limits import LIMITS, read_limit
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.courses.declared.strict import Place

__all__ = ["FILE", "load_course"]

FILE = "course.toml"
VERSION = 1  # of the format

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
About = Annotated[str, msgspec.Meta(max_length=1000)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*\Z", max_length=60)]
Function = Annotated[str, msgspec.Meta(pattern=r"^(F|torch|Tensor)(\.[A-Za-z]\w*)+\Z")]
Pattern = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(([A-Za-z_]\w*/)+\*|([A-Za-z_]\w*/)*[A-Za-z_]\w*)\.[A-Za-z0-9]+\Z",
        max_length=200,
    ),
]
Module = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z", max_length=200)]
Package = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z_]\w*\Z", max_length=100)]
FUNCTION = r"(\.[A-Za-z_]\w*)+:[A-Za-z_]\w*\Z"
JudgesHook = Annotated[str, msgspec.Meta(pattern=rf"^(kit|beside){FUNCTION}", max_length=200)]
GuestsHook = Annotated[str, msgspec.Meta(pattern=rf"^beside{FUNCTION}", max_length=200)]

Part = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Points = Annotated[float, msgspec.Meta(gt=0, le=10_000)]


class _Course(msgspec.Struct, forbid_unknown_fields=True):
    """What stands at the top."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Words
    exercises: list[dict[str, Any]]
    hooks: dict[str, Any] = {}
    about: About = ""
    requires: tuple[Package, ...] = ()
    late: dict[str, Any] = {}


class _Hooks(msgspec.Struct, forbid_unknown_fields=True):
    """What stands under `[hooks]`."""

    data: JudgesHook = ""
    prepare: GuestsHook = ""
    cause: GuestsHook = ""


class _Exercise(msgspec.Struct, forbid_unknown_fields=True):
    """What stands under each `[[exercises]]`."""

    name: Name
    title: Words
    cells: tuple[Words, ...] = ()
    limits: dict[str, str | float] = {}
    switched_off: tuple[Function, ...] = ()
    instead: Words = ""
    manual: dict[Part, Points] = {}
    files: tuple[Pattern, ...] = ()
    entry: Module = ""
    uses: tuple[Name, ...] = ()
    learned: Words = ""


EXPECTED = {
    "name": "letters, digits and _ that begin with a letter, as a file's name does without .py",
    "title": "a line of text",
    "about": "a paragraph for students, up to 1,000 characters",
    "exercises": "a table `[[exercises]]` for each",
    "cells": "a list of the ids of answer cells",
    "limits": 'a table of limits that `--limit` knows, like { call = 30, memory = "4GB" }',
    "switched_off": 'a list of functions such as "F.one_hot", "torch.log_softmax", "Tensor.exp"',
    "instead": "a line of text",
    "learned": "a line of text",
    "manual": "a table of the parts that a person grades and their points, like { q1 = 5 }",
    "files": 'a list of files such as "minigrad/*.py", "model.py", "weights.npz"',
    "entry": 'the name of a module among its `files`, such as "minigrad"',
    "requires": 'a list of packages as they are imported, such as "sklearn"',
    "uses": "a list of names of exercises that come before it",
    "late": "a table `[late]` of what late work costs",
    "hooks": "a table `[hooks]` of functions that the grader asks",
    "data": 'a function of a module in `kit`, such as "kit.pictures:files"',
    "prepare": 'a function of a module in `beside`, such as "beside.pictures:prepare"',
    "cause": 'a function of a module in `beside`, such as "beside.causes:cause_of"',
    "version": f"the number of the format, {VERSION}",
}


def load_course(folder: Path) -> Course:
    """Read the course in a folder; of the files that it names, none is looked at.

    Raises:
        UsageError: there is none, or its `course.toml` can't be read; the message names the line.
    """
    file = folder / FILE
    try:
        text = read_text(file)
    except FileNotFoundError:
        raise UsageError(f"{folder} is no course: there is no {FILE} in it") from None
    except NotADirectoryError:
        raise UsageError(f"{folder} is no folder; a course is one with a {FILE} in it") from None
    return _CourseFile(file, text).read()


class _CourseFile(StrictFile):
    """A `course.toml` while it is read."""

    def read(self) -> Course:
        """Return the course that it describes."""
        table = self.parse()
        self._check_version(table)
        self.check(table, _Course, (), EXPECTED, "the course")
        for number, entry in enumerate(table["exercises"]):
            self.check(entry, _Exercise, ("exercises", number), EXPECTED, "the exercise")
            self._check_limits(entry.get("limits", {}), ("exercises", number, "limits"))
        self._check_names([entry["name"] for entry in table["exercises"]])
        for number, key, words in faults(table["exercises"]):
            raise self.error(("exercises", number, key), words)
        hooks = self._hooks(table.get("hooks", {}))
        folder = self.file.parent
        exercises: dict[str, Exercise] = {}
        for entry in table["exercises"]:
            found = _exercise(msgspec.convert(entry, _Exercise), folder, exercises)
            exercises[found.name] = replace(found, hooks=hooks)
        every = tuple(exercises.values())
        stubs, data = folder / "exercises", folder / "data"
        about = " ".join(table.get("about", "").split())
        requires = tuple(table.get("requires", ()))
        late = self._late(table.get(LATE, {}))
        return Course(
            table["title"], every, folder, folder, stubs, data, hooks, about, requires, late
        )

    def _late(self, table: Mapping[str, Any]) -> LatePolicy:
        for fault in faults_of_late(table, self):
            raise fault
        return late_policy(table, LatePolicy())

    def _hooks(self, table: Mapping[str, Any]) -> Hooks:
        self.check(table, _Hooks, ("hooks",), EXPECTED, "the table of hooks")
        return Hooks(**table)

    def _check_version(self, table: Mapping[str, Any]) -> None:
        """Refuse a newer course before anything in it that only a newer grader knows."""
        version = table.get("version")
        if isinstance(version, int) and version > VERSION:
            raise self.error(
                ("version",),
                f"this course has version {version}, and this grader reads up to version "
                f"{VERSION}: install a newer grader",
            )

    def _check_limits(self, table: Mapping[str, object], place: Place) -> None:
        for name, value in table.items():
            if name not in LIMITS:
                words = f"there is no limit {name!r}; {meant(name, LIMITS)}"
                raise self.error((*place, name), words)
            try:
                read_limit(name, str(value))
            except ValueError as error:
                words = f"the limit {name!r} takes {error}, and not {value!r}"
                raise self.error((*place, name), words) from None

    def _check_names(self, names: list[str]) -> None:
        """Refuse two exercises whose files would be the same, also where case does not count."""
        if not names:
            raise self.error(("exercises",), "the course has no exercise")
        seen: dict[str, str] = {}
        for number, name in enumerate(names):
            if name.lower() in SHARED:
                words = (
                    f"{name!r} is what a course's suites share; call the exercise something else"
                )
                raise self.error(("exercises", number, "name"), words)
            if other := seen.get(name.lower()):
                place = ("exercises", number, "name")
                raise self.error(place, f"there is an exercise {other!r} already")
            seen[name.lower()] = name


def _exercise(entry: _Exercise, folder: Path, before: Mapping[str, Exercise]) -> Exercise:
    values = msgspec.structs.asdict(entry)
    values["limits"] = {name: read_limit(name, str(each)) for name, each in entry.limits.items()}
    values["uses"] = tuple(before[name] for name in entry.uses)
    values["entry"] = (entry.entry or entry.name) if entry.files else ""
    return Exercise(folder=folder, **values)
