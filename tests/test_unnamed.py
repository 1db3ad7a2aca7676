"""Wrong answers without a name that several students share."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from report_samples import exercise_result
from report_samples import outcome as graded
from results_samples import entry, exercise, outcome, write_results

from grader.exports.results import read_results
from grader.learning.unnamed import unnamed_answers
from grader.results.unnamed import UnnamedAnswers
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult

ONE, OTHER = "00000000000000aa", "ffffffffffffffff"


def wrong(*known_by: str, name: str = "ex01_losses") -> ExerciseResult:
    """Return an exercise with a wrong answer for each fingerprint."""
    tests = (
        graded(Verdict.WRONG, name=f"test_{place}", title=f"Test {place} is right.", fingerprint=it)
        for place, it in enumerate(known_by)
    )
    return exercise_result(*tests, exercise=name)


def test_the_most_shared_comes_first() -> None:
    """One row for each exercise, test and fingerprint, with its students in their order."""
    answers = UnnamedAnswers[str]()
    for student, results in {
        "ana": [wrong(ONE, OTHER)],
        "ben": [wrong(OTHER, OTHER)],
        "cy": [wrong("", OTHER), wrong(OTHER, name="ex02_linear")],
        "dan": [wrong(OTHER)],
    }.items():
        answers.add(student, results)

    assert [
        (each.exercise, each.test, each.title, each.fingerprint, each.students)
        for each in answers.shared(2)
    ] == [
        ("ex01_losses", "test_1", "Test 1 is right.", OTHER, ("ana", "ben", "cy")),
        ("ex01_losses", "test_0", "Test 0 is right.", OTHER, ("ben", "dan")),
    ]
    assert len(answers.shared(1)) == 4
    assert not answers.shared(4)


@pytest.mark.parametrize("said", ["", "zz", "0" * 17, "0x00000000000000", "ＡＡ" * 8])
def test_what_is_no_fingerprint_counts_nowhere(tmp_path: Path, said: str) -> None:
    """People may have edited the file."""
    test = outcome("wrong", fingerprint=said) if said else outcome("wrong")
    file = write_results(tmp_path, *(entry(each, exercise(test)) for each in ("ana", "ben")))
    answers = UnnamedAnswers[str]()
    for student in read_results(file).students:
        answers.add(student.student, student.exercises)

    assert not answers.shared(1)


def test_they_are_found_in_the_results_of_a_file(tmp_path: Path) -> None:
    """Of those who have one."""
    tests = {"ana": ONE, "ben": ONE, "cy": OTHER}
    students = (
        entry(each, exercise(outcome("wrong", fingerprint=known))) for each, known in tests.items()
    )
    answers = UnnamedAnswers[str]()
    for student in read_results(write_results(tmp_path, *students, entry("dan"))).students:
        answers.add(student.student, student.exercises)

    (found,) = answers.shared(2)
    assert (found.fingerprint, found.students) == (ONE, ("ana", "ben"))


def test_nothing_is_learned_from_what_people_have_decided_over(tmp_path: Path) -> None:
    """The answer for which Ana has points may be right, and the test wrong."""
    test = exercise(outcome("wrong", fingerprint=ONE), outcome("wrong", fingerprint=OTHER))
    given = {"decision": "points", "exercise": "ex01_losses", "test": test["tests"][0]["name"]}
    write_results(
        tmp_path,
        entry("ana", test, decisions=[{**given, "change": 2.0}]),
        entry("ben", test, decisions=[{"decision": "excused"}]),
    )

    found = unnamed_answers(tmp_path)
    assert [(each.fingerprint, each.students) for each in found] == [(OTHER, ("ana",))]


def test_a_large_class_takes_little_memory() -> None:
    """Also where every answer of 10,000 students is another one."""
    answers = UnnamedAnswers[int]()
    results = wrong(*map("{:016x}".format, range(20)))
    tracemalloc.start()
    for student in range(10_000):
        answers.add(student, [results])
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 20 * 200_000  # bytes for each of 200,000 answers
