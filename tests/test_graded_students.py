"""The students of a run: read from the store, in their order, as often as somebody wants."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from report_samples import exercise_result, grading_run, outcome

from grader.errors import InfrastructureError
from grader.results.students import StudentRecord
from grader.results.verdicts import ExerciseResult, Verdict
from grader.runs.graded_students import GradedStudents
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAULT = exercise_result(outcome(Verdict.GRADER_FAULT))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an open store."""
    with Store(tmp_path / "store") as opened:
        yield opened


def graded(store: Store, results: dict[str, ExerciseResult]) -> GradedStudents:
    """Return the students of a run: a result of one exercise each, in the order of their names."""
    students = GradedStudents(store, sorted(results))
    store.put(results)
    for student, result in results.items():
        students.add(StudentRecord(id=student), {student: result})
    return students


def test_students_come_in_the_order_of_their_submissions(store: Store) -> None:
    """Whoever was done first, the class keeps its order, each time."""
    students = graded(store, {"ben": exercise_result(outcome()), "ana": exercise_result(outcome())})

    for _ in range(2):
        assert [each.student for each in students] == ["ana", "ben"]


def test_results_are_those_that_were_stored(store: Store) -> None:
    """A student has the score of all exercises together."""
    students = GradedStudents(store, ["ana"])
    results = {"one": exercise_result(outcome()), "two": exercise_result(outcome(Verdict.WRONG))}
    store.put(results)
    students.add(StudentRecord(id="ana", notes=("a note",)), results)
    (ana,) = students

    assert ana.exercises == tuple(results.values())
    assert (ana.score, ana.max_score, ana.notes) == (2, 4, ("a note",))


def test_a_grader_fault_is_there_and_not_in_the_store(store: Store) -> None:
    """What no store keeps is kept for this run."""
    (ana,) = graded(store, {"ana": FAULT})

    assert ana.exercises == (FAULT,)
    assert store.get("ana") is None


def test_a_run_reads_one_student_alone(store: Store) -> None:
    """Whatever became of the others' results."""
    students = graded(store, {"ana": exercise_result(outcome())})
    students.add(StudentRecord(id="ben"), {"lost": exercise_result(outcome())})
    run = grading_run(students=students)

    assert run.result_of("ana").exercises == (exercise_result(outcome()),)
    with pytest.raises(InfrastructureError, match="ben"):
        run.result_of("ben")
    assert grading_run(students.read("ana")).result_of("ana") == students.read("ana")


def test_no_result_stays_in_memory(store: Store) -> None:
    """However large results are, a class holds only where they are."""
    students = graded(
        store, {f"s{n}": exercise_result(outcome(), printed="kept") for n in range(9)}
    )
    gc.collect()

    assert len(students) == 9
    held = [each for each in gc.get_objects() if type(each) is ExerciseResult]
    assert not [each for each in held if each.printed == "kept"]


def test_a_store_that_lost_a_result_is_a_fault_of_ours(store: Store) -> None:
    """A result that is gone is no student's missing work."""
    students = GradedStudents(store, ["ana"])
    students.add(StudentRecord(id="ana"), {"gone": exercise_result(outcome())})

    with pytest.raises(InfrastructureError, match="lost results of ana"):
        list(students)
