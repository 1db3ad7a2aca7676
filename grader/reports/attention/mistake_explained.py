"""A mistake's own page: its sentence, its hints, an example of the course's, where it was made.

Only the instructor's lists show it: an example is the solution with one thing changed.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from grader.authoring.handing_in import handed_in, solved
from grader.courses import works_of
from grader.courses.mistakes import known_mistakes
from grader.errors import GraderError
from grader.reports.classes.class_findings import People, people, told
from grader.reports.classes.class_table import link
from grader.reports.code.excerpts import without_docstrings
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from grader.courses import Course, Work
    from grader.reports.classes.class_record import ClassRecord, Standing

__all__ = ["DiffLine", "Example", "MistakeExplained", "mistakes_explained"]

AROUND = 2  # lines before and after what differs
MOST_LINES = 60  # of an example: two screens
KINDS = {"-": ("\N{MINUS SIGN}", "removed"), "+": ("+", "added"), " ": ("", "")}
GAP = ("\N{HORIZONTAL ELLIPSIS}", "gap")


@dataclass(frozen=True)
class DiffLine:
    """A line of an example: whether the solution has it, or the mistake, or both."""

    sign: str
    css: str
    text: str


@dataclass(frozen=True)
class Example:
    """A work of the course's that makes the mistake, beside the solution.

    Attributes:
        exercise: which exercise it is of.
        cut: says so where the lines are not all.
    """

    exercise: str
    lines: tuple[DiffLine, ...]
    cut: str


@dataclass(frozen=True)
class MistakeExplained:
    """What the page of a mistake says above the list of who made it.

    Attributes:
        sentence: what the students read; empty where the course has no words for it.
        hints: what they read on demand, one after another.
        places: how many students made it in which exercise.
        example: None where the course has none.
        settled: those who are not in the list, by decision.
    """

    sentence: str
    hints: tuple[str, ...]
    places: tuple[str, ...]
    example: Example | None
    settled: People


def mistakes_explained(record: ClassRecord) -> Iterator[tuple[str, MistakeExplained]]:
    """Give each mistake of a class, and what is said of it; a course's works are read once."""
    works_in = cache(partial(_works, record.course))
    for slug, places in record.mistakes.items():
        yield slug, _explained(slug, places, record, works_in)


def _explained(
    slug: str,
    places: Mapping[str, Sequence[Standing]],
    record: ClassRecord,
    works_in: Callable[[str], tuple[Work, ...]],
) -> MistakeExplained:
    course = record.course
    made = {each.student for standings in places.values() for each in standings}
    settled = [e for e in record.settled.get(slug, {}).values() if e.student not in made]
    known = known_mistakes(course).get(slug)
    by_students = sorted(places, key=lambda exercise: -len(places[exercise]))
    examples = (
        _example(course, exercise, [work for work in works_in(exercise) if work.mistake == slug])
        for exercise in by_students
    )
    return MistakeExplained(
        sentence=told(slug, course),
        hints=known.hints if known else (),
        places=tuple(
            f"{plural(len(places[each]), 'student')} in {each}: {course.title_of(each)}"
            for each in by_students
        ),
        example=next(filter(None, examples), None),
        settled=people(link(each, record.called(each), up="../") for each in settled),
    )


def _example(course: Course, exercise: str, works: Iterable[Work]) -> Example | None:
    """Return the shortest example of an exercise; a course that can't give one has none."""
    try:
        diffs = sorted((list(_diff(course, work)) for work in works), key=len)
    except GraderError:  # no page is lost because an example is not in order; `prove` says what
        return None
    lines = next(filter(None, diffs), None)
    if lines is None:
        return None
    left = len(lines) - MOST_LINES
    cut = f"{plural(left, 'more line')} not shown." if left > 0 else ""
    return Example(exercise, tuple(islice(lines, MOST_LINES)), cut)


def _works(course: Course, exercise: str) -> tuple[Work, ...]:
    known = course.known(exercise)
    try:
        return works_of(course, known) if known else ()
    except GraderError:  # likewise
        return ()


def _diff(course: Course, work: Work) -> Iterator[DiffLine]:
    """Give what differs from the solution, with the lines around it."""
    right = solved(course, work.exercise)
    for name, text in handed_in(course, work).items():
        if name not in right:  # a notebook that stands for itself, where the solution is a module
            continue
        own, other = (
            list(without_docstrings(_code(name, each).splitlines()))  # which works need not repeat
            for each in (right[name], text)
        )
        found = difflib.unified_diff(own, other, n=AROUND, lineterm="")
        for place, line in enumerate(islice(found, 2, None)):
            if not line.startswith("@@"):
                yield DiffLine(*KINDS[line[0]], line[1:])
            elif place:
                yield DiffLine(*GAP, "")


def _code(name: str, text: str) -> str:
    """Return the code of a file, of a notebook that of all its cells."""
    if not name.endswith(".ipynb"):
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(each["source"]) for each in cells if each["cell_type"] == "code")
