"""Text from results as other programs can show it: bounded, and no character steers anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.leaks import holds_secrets
from grader.results.verdicts import Verdict
from grader.text.wording import printable
from grader.text.words import discreet

if TYPE_CHECKING:
    from grader.courses import Course
    from grader.exports.results import ExerciseEntry, Student, TestEntry

__all__ = ["YES_NO", "line", "plain", "told_of_student", "told_of_test", "told_of_title"]

MAX_CHARACTERS = 10_000
YES_NO = {None: "", True: "yes", False: "no"}  # as in grades.csv; None is not known
HELD_BACK = "This text is not shown here. Your instructor can see it."


def plain(text: str) -> str:
    """Return the beginning of a text, without control characters; its lines stay lines."""
    if len(text) <= MAX_CHARACTERS:
        return printable(text)
    return f"{printable(text[:MAX_CHARACTERS])}\n[the first {MAX_CHARACTERS:,} characters]"


def line(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(plain(text).split())


def told_of_student(student: Student, course: Course) -> str:
    """Return what a student reads of the hand-in as a whole, and of what was decided."""
    unclaimed = [f"Not recognised: {', '.join(student.unclaimed)}"] if student.unclaimed else []
    late = student.lateness.lines if student.lateness else ()
    decided = [*(each.words for each in student.decisions), *late]
    return _shown(plain("\n".join([*decided, *student.notes, *unclaimed])), course)


def told_of_title(exercise: ExerciseEntry, test: TestEntry) -> str:
    """Name a test by its sentence, since the name of a hidden one tells students nothing."""
    kind = "check" if test.public else "test"
    return f"{exercise.exercise}: {line(test.title) or kind}"


def told_of_test(test: TestEntry, course: Course) -> str:
    """Return what helps: no more of a hidden test than a student's page shows."""
    if test.verdict is Verdict.PASSED:
        return ""
    hints = [f"Hint: {each}" for each in (test.hint or "").splitlines() if each.strip()]
    message = plain(test.message or test.verdict.words)
    text = "\n".join([message if test.public else discreet(message), *map(plain, hints)])
    return _shown(text, course)


def _shown(text: str, course: Course) -> str:
    return HELD_BACK if holds_secrets(text, course) else text
