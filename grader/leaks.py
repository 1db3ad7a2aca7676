"""Find in a page what no student may read: hidden suites, solutions, and hidden tests' numbers.

A page is searched as it is about to be written, as a reader would see it: without tags, with its
white space taken together. What the student handed in is the student's own, whatever it says; a
right solution may be spelled like ours.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from grader.courses import PACKAGE, resource
from grader.courses.code.imported import place_of
from grader.courses.code.shared_modules import BESIDE
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.results.verdicts import Verdict
from grader.text.wording import printable
from grader.text.words import tensors_in, values_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.results.verdicts import ExerciseResult, StudentResult

__all__ = ["Leak", "find_leak", "holds_secrets"]

SHORTEST = 24  # characters: a shorter line (`optimizer.step()`) is everybody's
TAG = re.compile(r"<[^<>]*>")
STYLE_END = "</style>"
KEPT = 1_000  # parts of messages
# What pages and Pygments write; the last one, so that nothing is taken for an entity twice.
OWN_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#34;": '"', "&#39;": "'", "&amp;": "&"}
OTHER_ENTITY = re.compile(rf"&(?!{'|'.join(each[1:] for each in OWN_ENTITIES)})")


@dataclass(frozen=True)
class Leak:
    """What a page holds that it must not: a line of a file of ours, or numbers in a message."""

    what: str


@dataclass(frozen=True)
class Lines:
    """Lines, their white space taken together, and a machine that finds them."""

    lines: Sequence[str]

    @cached_property
    def _machine(self) -> AhoCorasick:
        return AhoCorasick(list(self.lines))

    def found_in(self, text: str) -> set[int]:
        """Return which lines stand in a text whose white space is taken together."""
        matches = self._machine.find_matches_as_indexes(text, overlapping=True)
        return {line for line, _, _ in matches}


@dataclass(frozen=True)
class Secrets(Lines):
    """Lines that no student may read, and where each of them stands."""

    places: Sequence[str]


def find_leak(page: str, result: StudentResult, course: Course) -> Leak | None:
    """Return the first thing on a student's page that must not be there, or None.

    Args:
        page: the whole file, as HTML.
        result: what it was made from.
        course: whose hidden suites and solutions must not be on it.
    """
    numbers = (_numbers_in(exercise) for exercise in result.exercises)
    return next(filter(None, numbers), None) or _line_in(page, result, course)


def holds_secrets(text: str, course: Course) -> bool:
    """Tell whether a text of ours holds a line of a hidden suite or a solution of a course.

    It is for where the student's own files are not known: a line spelled like ours counts.
    """
    return bool(_secrets(course).found_in(_plain(text)))


def _numbers_in(exercise: ExerciseResult) -> Leak | None:
    """Find a note, or a hidden test, that shows numbers or a picture; only a public check may."""
    if any(map(tensors_in, exercise.notes)):  # other numbers may be a file's name
        return Leak(f"values in a note on {exercise.exercise}")
    for test in exercise.tests:
        if test.public or test.verdict is Verdict.GRADER_FAULT:
            continue
        if test.pictures or any(map(_holds_values, filter(None, test.message.parts))):
            return Leak(f"values of the hidden test {exercise.exercise}::{test.name}")
    return None


@lru_cache(KEPT)
def _holds_values(text: str) -> bool:
    """Tell whether a message holds values; of a class, many have the same."""
    return values_in(text)


def _line_in(page: str, result: StudentResult, course: Course) -> Leak | None:
    body = page.partition(STYLE_END)[2] or page
    seen = _plain(_unescaped(TAG.sub("", body)))
    secrets = _secrets(course)
    found = secrets.found_in(seen)
    if found:
        own = _plain(printable("\n".join(_handed_in(result))))
        found = {line for line in found if secrets.lines[line] not in own}
    return Leak(secrets.places[min(found)]) if found else None


def _unescaped(text: str) -> str:
    """Return what `html.unescape` does, which takes longer where there are only our own escapes."""
    if OTHER_ENTITY.search(text):
        return html.unescape(text)
    for entity, sign in OWN_ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def _handed_in(result: StudentResult) -> Iterator[str]:
    """Give all text that comes from the student: who it is, and what stood in the files."""
    yield from (result.record.name, result.record.id, *result.record.unclaimed)
    for exercise in result.exercises:
        if exercise.code is not None:
            yield exercise.code.text
            for cell in exercise.code.cells:
                yield cell.text
                yield from (TAG.sub("", output.content) for output in cell.outputs)


@cache
def _secrets(course: Course) -> Secrets:
    """Collect the lines of hidden suites and solutions that no public file has."""
    places: dict[str, str] = {}
    for file in _secret_files(course):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            plain = _plain(line)
            if len(plain) >= SHORTEST:
                places.setdefault(plain, f"line {number} of {file.parent.name}/{file.name}")
    files = [file.read_text("utf-8") for file in _public_files(course)]
    lines = list(places)
    for found in Lines(lines).found_in(_plain("\n".join([*_words(course), *files]))):
        del places[lines[found]]
    return Secrets(tuple(places), tuple(places.values()))


def _secret_files(course: Course) -> Iterator[Path]:
    """Give what students never see of the suites, and the solutions."""
    hidden = {file for each in course.exercises for file in _behind(each, each.hidden_suite)}
    yield from sorted(hidden - set(_public_files(course)))
    yield from sorted(course.solutions.glob("*.py"))  # there are none in an installed package
    for exercise in course.exercises:
        yield from filter(Path.is_file, exercise.modules.values())


def _public_files(course: Course) -> list[Path]:
    """Give what students have, and what pages are made of."""
    return [
        *(file for each in course.exercises for file in _behind(each, each.public_checks)),
        *course.stubs.glob("**/*.py"),
        *course.stubs.glob("*.ipynb"),
        *(file for exercise in course.exercises for file in exercise.given_out),
        *resource("templates").glob("*.html"),
        *PACKAGE.glob("guest/**/*.py"),
        *(course.folder / BESIDE).glob("**/*.py"),  # submissions may read it
    ]


def _behind(exercise: Exercise, suite: Path) -> Iterator[Path]:
    """Give a suite with what it imports of its course."""
    files = (place_of(file, exercise.code.roots) for file in exercise.code.behind(suite))
    return filter(Path.is_file, files)


def _words(course: Course) -> Iterator[str]:
    """Give what is said of mistakes; how they look in code holds lines of solutions."""
    for known in known_mistakes(course).values():
        yield from (known.sentence, *known.hints)
    for parts in read_table(course.folder).starts.values():
        yield from (hint for hints in parts.values() for hint in hints)


def _plain(text: str) -> str:
    return " ".join(text.split())
