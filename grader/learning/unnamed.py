"""Which wrong answers of a class have no name, and which one is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.exports.results import read_results
from grader.results.unnamed import WELL_FORMED, UnnamedAnswers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.results.unnamed import SharedAnswer

__all__ = ["alike", "answer_meant", "unnamed_answers"]

RESULTS = "results.json"
NAMED = 3  # fingerprints in a message


def unnamed_answers(output: Path) -> list[SharedAnswer[str]]:
    """Return the wrong answers without a name in the reports of a class, the most shared first.

    Raises:
        UsageError: there are no results, or none that can be learned from; the message says why.
    """
    file = output / RESULTS
    if not file.is_file():
        raise UsageError(f"there are no results in {output}: name the folder of the reports")
    found = UnnamedAnswers[str]()
    wrong = 0
    for student in read_results(file).students:
        found.add(student.student, student.exercises, student.settled)
        tests = (test for exercise in student.exercises for test in exercise.tests)
        wrong += sum(not test.public and test.verdict == "wrong" for test in tests)
    answers = found.shared(1)
    if answers:
        return answers
    if wrong:
        raise UsageError(
            f"{file} has no fingerprint of a wrong answer: each has a name or a decision, or says "
            "nothing of how it was computed, or an earlier version graded it; then grade the "
            "class again"
        )
    raise UsageError(f"{file} has no wrong answer to a hidden test: there is nothing to learn")


def answer_meant(answers: Sequence[SharedAnswer[str]], fingerprint: str) -> SharedAnswer[str]:
    """Return the answer with a fingerprint; of several tests, the one with the most students.

    Raises:
        UsageError: there is none; the message says which there are.
    """
    wanted = fingerprint.strip().lower()
    for answer in answers:
        if answer.fingerprint == wanted:
            return answer
    there = ", ".join(dict.fromkeys(answer.fingerprint for answer in answers[:NAMED]))
    more = " …" if len(answers) > NAMED else ""
    if not WELL_FORMED.fullmatch(wanted):
        raise UsageError(
            f"a fingerprint has 16 digits from 0 to f, not {fingerprint!r}; there are {there}{more}"
        )
    raise UsageError(
        f"no answer without a name has the fingerprint {wanted}: it may have its name by now; "
        f"there are {there}{more} (`grader learn` lists them)"
    )


def alike(answers: Sequence[SharedAnswer[str]], one: SharedAnswer[str]) -> list[SharedAnswer[str]]:
    """Return the answers of the same students in other tests of the exercise."""
    return [
        each
        for each in answers
        if (each.exercise, each.students) == (one.exercise, one.students) and each.test != one.test
    ]
