"""The table of mistakes that students make: what gives each away in words, and its hints.

A result keeps a mistake's slug alone; its words are looked up when somebody is shown them. So a
mended hint is in every report from then on, and nothing is graded again for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses.declared.table import Mistake, read_table
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from grader.courses.course import Course, Exercise
    from grader.results.message import Message
    from grader.results.verdicts import TestResult

__all__ = [
    "Mistake",
    "hint_of",
    "hint_text",
    "known_mistakes",
    "listing",
    "start_of",
    "with_sentence",
]


def known_mistakes(course: Course | Exercise) -> dict[str, Mistake]:
    """Return all mistakes of a course, or of the one that an exercise is of, by slug.

    Those that can be made in every course are among them.

    Raises:
        UsageError: the course's table can't be read; the message names file and line.
    """
    return read_table(course.folder).mistakes


def listing(fingerprint: str, course: Course) -> Mistake | None:
    """Return the mistake that lists an answer by its fingerprint; None where the table has none.

    For the instructor alone: the answer has no name by it.
    """
    found = known_mistakes(course).values()
    return next((each for each in found if fingerprint in each.fingerprints), None)


def with_sentence(message: Message, slug: str | None, course: Course) -> Message:
    """Add to a message what the table says about a mistake, on a line of its own."""
    known = known_mistakes(course).get(slug) if slug else None
    return message.also(known.sentence) if known else message


def hint_of(test: TestResult, course: Course) -> str | None:
    """Return the hint of a test: of its mistake, or of the kind of exception that it met."""
    return hint_text(test.mistake or test.raised, course)


def start_of(test: TestResult, exercise: str, course: Course) -> str | None:
    """Return the steps that help to begin with what a test has found not started, a line each.

    Args:
        test: what it gave.
        exercise: the name of the exercise that it is of.
        course: whose table may have steps for that function or answer cell.
    """
    if test.verdict is not Verdict.NOT_STARTED:
        return None
    steps = read_table(course.folder).starts.get(exercise, {}).get(test.raised)
    return "\n".join(steps) if steps else None


def hint_text(slug: str | None, course: Course) -> str | None:
    """Return the steps of a mistake's hint, a line each; None where the table has none."""
    known = known_mistakes(course).get(slug) if slug else None
    return "\n".join(known.hints) if known else None
