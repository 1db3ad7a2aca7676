"""What students wrote themselves, as fingerprints: runs of tokens that a few of them share.

Fingerprints are chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003). Libraries that do it
compare each file with each other one, and parse what was handed in without a bound.

What stands in the exercise, its solution or a work of the course does not count. Nor do names of
variables, docstrings and comments: to rename changes nothing, and who began with an earlier edition
of the exercise has its words. Code is read line by line, never parsed, and nothing of it is kept.
"""

from __future__ import annotations

import keyword
import re
from array import array
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar
from zlib import crc32

from grader.courses.files import files_in
from grader.reports.code.excerpts import without_docstrings

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from grader.courses import Course
    from grader.results.verdicts import ExerciseResult

__all__ = ["FEWEST", "OwnCode", "fingerprints", "given_files"]

Student = TypeVar("Student", bound="Hashable")

RUN = 8  # tokens in a row that make a fingerprint: about one line
WINDOW = 4  # of so many, one is taken: what two share for RUN + WINDOW - 1 tokens is never missed
FEWEST = 40  # fingerprints: some ten full lines; less than that, two students write by themselves
MOST = 400  # of one exercise
MAX_CHARACTERS, MAX_LINES, MAX_LINE = 100_000, 2_000, 300  # the rest of a file is not looked at
KEPT_LINES = 20_000  # whose tokens are kept: many students write the same ones
TOKEN = re.compile(r"#.*|[^\W\d]\w*|\d[\w.]*|\"[^\"]*\"?|'[^']*'?|\S")
NO_CODE = ("#", "%", "!")  # what such a line begins with, in a notebook too
NAME, TEXT = crc32(b"name"), crc32(b"text")


class OwnCode(Generic[Student]):
    """The fingerprints of a class, by exercise; of who wrote too little to tell, none.

    Attributes:
        written: of each exercise, who has the same fingerprints, by them.
        handed_in: how many students handed in something for each exercise.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._given: dict[str, frozenset[str]] = {}
        self.written: dict[str, dict[bytes, list[Student]]] = defaultdict(dict)
        self.handed_in: dict[str, int] = defaultdict(int)

    def add(self, student: Student, result: ExerciseResult) -> None:
        """Take in what a student wrote for an exercise."""
        if result.code is None or result.code.language != "python":
            return
        name = result.exercise
        self.handed_in[name] += 1
        if name not in self._given:
            self._given[name] = _given_lines(self._course, name)
        found = fingerprints(result.code.text, self._given[name])
        if len(found) >= FEWEST:
            self.written[name].setdefault(found.tobytes(), []).append(student)

    @staticmethod
    def read(kept: bytes) -> array[int]:
        """Return fingerprints as they are kept."""
        found = array("Q")
        found.frombytes(kept)
        return found


def fingerprints(text: str, given: frozenset[str] = frozenset()) -> array[int]:
    """Return the fingerprints of some code, each once and in order.

    Args:
        text: the code.
        given: lines that do not count, without the space around them.
    """
    tokens: list[int] = []
    for line in without_docstrings(text[:MAX_CHARACTERS].splitlines()[:MAX_LINES]):
        bare = line.strip()
        if bare and not bare.startswith(NO_CODE) and bare not in given:
            tokens += _tokens(bare[:MAX_LINE])
    runs = [
        hash(tuple(tokens[at : at + RUN])) & 0xFFFF_FFFF_FFFF_FFFF
        for at in range(len(tokens) - RUN + 1)
    ]
    chosen = {min(runs[at : at + WINDOW]) for at in range(max(len(runs) - WINDOW + 1, 0))}
    return array("Q", sorted(chosen)[:MOST])


@lru_cache(KEPT_LINES)
def _tokens(line: str) -> tuple[int, ...]:
    """Return what stands on a line: of names that are called or looked up, which; of others, one.

    Words of Python and what it offers are themselves.
    """
    return tuple(_token(match, line) for match in TOKEN.finditer(line) if match[0][0] != "#")


def _token(match: re.Match[str], line: str) -> int:
    token = match[0]
    if token[0] in "\"'":
        return TEXT
    is_name = token[0].isalpha() or token[0] == "_"
    is_known = keyword.iskeyword(token) or line[match.end() :][:1] == "("
    if is_name and not is_known and line[: match.start()][-1:] != ".":
        return NAME
    return crc32(token.encode("utf-8", "replace"))


def _given_lines(course: Course, name: str) -> frozenset[str]:
    """Return the lines that students of an exercise are given, or that the course's works have."""
    return frozenset(line for file in given_files(course, name) for line in _lines(file))


def given_files(course: Course, name: str) -> list[Path]:
    """Return the files of an exercise whose lines are no student's own; some may not be there."""
    exercise = course.known(name)
    if exercise is None:
        return []
    works = [files_in(course.folder / kind / name, "*.py") for kind in ("right", "wrong")]
    return [
        course.solutions / f"{name}.py",
        course.stubs / f"{name}.py",
        exercise.play,
        *exercise.modules.values(),
        *exercise.all_given.values(),
        *(file for found in works for file in found.values()),
    ]


@cache
def _lines(file: Path) -> tuple[str, ...]:
    if not file.is_file():
        return ()
    return tuple(map(str.strip, file.read_text("utf-8", "replace").splitlines()))
