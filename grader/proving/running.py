"""Prove the suites of a course: cases are shared among processes, each with its own session."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from grader.authoring.starting import parts_without_hints
from grader.proving.accepted import accepted_of
from grader.proving.cases import Kind, cases_of
from grader.proving.proof import Proof
from grader.proving.trying.graded import Graded
from grader.runs.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.proving.cases import Case
    from grader.proving.trying.grading import Grading

__all__ = ["ALL", "prove", "prove_here"]

ALL = frozenset(Kind)


@dataclass(frozen=True)
class _Task:
    """A case to grade, with the solution whose change it is."""

    number: int
    case: Case
    solution: Case


def prove(
    course: Course, exercises: Sequence[Exercise], jobs: int, kinds: Container[Kind] = ALL
) -> Iterator[Proof]:
    """Try the suites of exercises with all that there is, and give a proof for each, in order.

    Args:
        course: the course.
        exercises: those of it that are asked about.
        jobs: how many processes grade.
        kinds: what the suites are tried with, besides the solution.

    Raises:
        GraderError: a file of the course is missing or broken, or no process can be started.
    """
    tasks = _tasks(course, exercises, kinds)
    done = ((task.number, result) for task, result in shared(_work, tasks, jobs))
    yield from _proofs(course, exercises, tasks, done)


def prove_here(course: Course, exercise: Exercise, kinds: Container[Kind] = ALL) -> Proof:
    """Do the same for one exercise in this process, which a mutant may end."""
    tasks = _tasks(course, [exercise], kinds)
    sent: list[object] = []
    from grader.proving.trying.room import with_suites

    with_suites([exercise], partial(_serve, tasks, sent.append, None))
    (proof,) = _proofs(course, [exercise], tasks, enumerate(sent[1:]))
    return proof


def _tasks(course: Course, exercises: Iterable[Exercise], kinds: Container[Kind]) -> list[_Task]:
    every = [
        (case, of[0])
        for of in (cases_of(course, exercise) for exercise in exercises)
        for case in of
        if case.kind in kinds or case.kind is Kind.SOLUTION
    ]
    return [_Task(number, case, solution) for number, (case, solution) in enumerate(every)]


def _proofs(
    course: Course,
    exercises: Sequence[Exercise],
    tasks: Sequence[_Task],
    done: Iterable[tuple[int, object]],
) -> Iterator[Proof]:
    """Give the proof of each exercise, in order, as soon as all of its cases are graded."""
    accepted = {exercise: accepted_of(course, exercise) for exercise in exercises}
    blank = {exercise: parts_without_hints(course, exercise) for exercise in exercises}
    waiting, got = list(exercises), dict[int, Graded]()
    for number, result in done:
        got[number] = result if isinstance(result, Graded) else Graded(())
        while waiting:
            own = [task for task in tasks if task.case.exercise == waiting[0]]
            if any(task.number not in got for task in own):
                break
            exercise = waiting.pop(0)
            graded = tuple((task.case, got[task.number]) for task in own)
            yield Proof(exercise, graded, accepted[exercise], blank[exercise])


def _work(tasks: Sequence[_Task], send: Callable[[object], None]) -> None:
    """Grade cases in a process of its own."""
    from grader.proving.trying.room import in_a_room, limit_cpu

    exercises = dict.fromkeys(task.case.exercise for task in tasks)
    in_a_room(exercises, partial(_serve, tasks, send, limit_cpu))


def _serve(
    tasks: Sequence[_Task],
    send: Callable[[object], None],
    limit: Callable[[float], None] | None,
    runner: SuiteRunner,
) -> None:
    """Grade cases one by one, after None."""
    from grader.proving.trying.grading import Grading

    gradings: dict[Exercise, Grading] = {}
    with ExitStack() as stack:
        send(None)
        for task in tasks:
            exercise = task.case.exercise
            if exercise not in gradings:
                grading = Grading(runner, task.solution, limit)
                gradings[exercise] = stack.enter_context(closing(grading))
            send(gradings[exercise].grade(task.case))
