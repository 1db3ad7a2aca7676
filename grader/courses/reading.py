"""`course.toml`: what a course says of itself, read strictly, so that a typo is told at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from grader.courses.course import Course, Exercise
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["FILE", "load_course"]

FILE = "course.toml"
VERSION = 1  # of the format
MOST_PATIENCE = 1_000.0
MAX_BYTES = 2**20
POSITION = re.compile(r" \(at line (\d+), column \d+\)$")

Place = tuple[str | int, ...]  # keys and numbers on the way to something in the file
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*\Z", max_length=60)]
Function = Annotated[str, msgspec.Meta(pattern=r"^(F|torch|Tensor)(\.[A-Za-z]\w*)+\Z")]
Patience = Annotated[float, msgspec.Meta(gt=0, le=MOST_PATIENCE)]


class _Course(msgspec.Struct):
    """What stands at the top."""

    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Words
    exercises: list[dict[str, Any]]


class _Exercise(msgspec.Struct):
    """What stands under each `[[exercises]]`."""

    name: Name
    title: Words
    cells: tuple[Words, ...] = ()
    patience: Patience = 1.0
    switched_off: tuple[Function, ...] = ()
    instead: Words = ""


EXPECTED = {
    "name": "letters, digits and _ that begin with a letter, as a file's name does without .py",
    "title": "a line of text",
    "exercises": "a table `[[exercises]]` for each",
    "cells": "a list of the ids of answer cells",
    "patience": f"a number of times the usual limits, above 0 and up to {MOST_PATIENCE:g}",
    "switched_off": 'a list of functions such as "F.one_hot", "torch.log_softmax", "Tensor.exp"',
    "instead": "a line of text",
    "version": f"the number of the format, {VERSION}",
}


def load_course(folder: Path) -> Course:
    """Read the course in a folder; of the files that it names, none is looked at.

    Raises:
        UsageError: there is none, or its `course.toml` can't be read; the message names the line.
    """
    file = folder / FILE
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is too large for a {FILE}")
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"{folder} is no course: there is no {FILE} in it") from None
    except NotADirectoryError:
        raise UsageError(f"{folder} is no folder; a course is one with a {FILE} in it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read: {error}") from error
    return _CourseFile(file, text).read()


class _CourseFile:
    """A `course.toml` while it is read."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._text = text

    def read(self) -> Course:
        """Return the course that it describes."""
        table = self._parse()
        self._check_version(table)
        self._check(table, _Course, ())
        for number, entry in enumerate(table["exercises"]):
            self._check(entry, _Exercise, ("exercises", number))
        self._check_names([entry["name"] for entry in table["exercises"]])
        folder = self._file.parent
        entries = [msgspec.convert(entry, _Exercise) for entry in table["exercises"]]
        exercises = tuple(Exercise(folder=folder, **msgspec.structs.asdict(e)) for e in entries)
        return Course(
            table["title"], exercises, folder, folder, folder / "exercises", folder / "data"
        )

    def _parse(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            words = str(error)
            found = POSITION.search(words)
            line = int(found[1]) if found else self._text.count("\n") + 1
            raise self._error_in(line, f"this is not TOML: {POSITION.sub('', words)}") from error
        except RecursionError as error:
            raise self._error_in(1, "this is nested too deeply") from error

    def _check_version(self, table: Mapping[str, Any]) -> None:
        """Refuse a newer course before anything in it that only a newer grader knows."""
        version = table.get("version")
        if isinstance(version, int) and version > VERSION:
            raise self._error(
                ("version",),
                f"this course has version {version}, and this grader reads up to version "
                f"{VERSION}: install a newer grader",
            )

    def _check(self, table: dict[str, Any], kind: type[msgspec.Struct], place: Place) -> None:
        """Refuse what a table must not hold, lacks, or has of another kind."""
        fields = {field.name: field for field in msgspec.structs.fields(kind)}
        for key, value in table.items():
            if key not in fields:
                raise self._error(
                    (*place, key), f"{key!r} is not known here; {_meant(key, fields)}"
                )
            try:
                msgspec.convert(value, fields[key].type)
            except msgspec.ValidationError as error:
                raise self._error((*place, key), f"{key!r} must be {EXPECTED[key]}") from error
        for name, field in fields.items():
            if field.required and name not in table:
                owner = "the exercise" if place else "the course"
                raise self._error(place, f"{owner} has no {name!r}")

    def _check_names(self, names: list[str]) -> None:
        """Refuse two exercises whose files would be the same, also where case does not count."""
        if not names:
            raise self._error(("exercises",), "the course has no exercise")
        seen: dict[str, str] = {}
        for number, name in enumerate(names):
            if other := seen.get(name.lower()):
                place = ("exercises", number, "name")
                raise self._error(place, f"there is an exercise {other!r} already")
            seen[name.lower()] = name

    def _error(self, place: Place, words: str) -> UsageError:
        return self._error_in(self._line_of(place), words)

    def _error_in(self, line: int, words: str) -> UsageError:
        return UsageError(f"{self._file}, line {line}: {words}")

    def _line_of(self, place: Place) -> int:
        """Return the line where something begins, 1-based; where the file ends if it is nowhere.

        A file that is cut off behind a line is TOML wherever nothing goes on in the next. So what
        is in such a piece, and not in the one before, begins in the line behind that one.
        """
        lines = self._text.splitlines(keepends=True)
        behind = 0
        for count in range(1, len(lines) + 1):
            try:
                piece: object = tomllib.loads("".join(lines[:count]))
            except tomllib.TOMLDecodeError:
                continue
            if _holds(piece, place):
                return behind + 1
            behind = count
        return max(behind, 1)


def _holds(value: Any, place: Place) -> bool:
    try:
        for step in place:
            value = value[step]
    except (LookupError, TypeError):
        return False
    return True


def _meant(key: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
