"""Who is graded when, and what is kept of a run that is stopped.

Workers are threads here that answer by a script: it decides who runs out of time.
"""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, cast

import pytest
from report_samples import exercise_result, outcome
from the_lab import LAB, exercise_named, find_submissions

from grader.judge.worker import Done, Ready, Task, WorkerSettings
from grader.results.verdicts import ExerciseResult, Verdict, newest
from grader.runs.engine import Plan, Progress, grade_class
from grader.runs.engines import local
from grader.runs.store import Store
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

EXERCISE = exercise_named("ex04")
STUDENTS = ("ana", "ben", "cy")


class Ended:
    """A process that needs no ending."""

    exitcode = 0

    def terminate(self) -> None:
        """Do nothing."""

    def join(self, timeout: float) -> None:
        """Do nothing."""

    def is_alive(self) -> bool:
        """Say no."""
        return False


@dataclass
class Script:
    """Answers for workers.

    Attributes:
        verdict: what a student gets in the first, the second try.
        beside: of each student's tries, how many others were being graded when it began.
    """

    verdict: Callable[[str, int], Verdict]
    beside: dict[str, list[int]] = field(default_factory=dict)
    running: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, connection: Connection[Any, Any]) -> None:
        """Do what a worker does, until nobody listens any more."""
        with suppress(OSError, EOFError):
            connection.send(Ready())
            while True:
                task: Task = connection.recv()
                connection.send(Done(task.student, (self._grade(task.student),)))

    def _grade(self, student: str) -> ExerciseResult:
        with self.lock:
            self.beside.setdefault(student, []).append(self.running)
            self.running += 1
        verdict = self.verdict(student, len(self.beside[student]))
        with self.lock:
            self.running -= 1
        return exercise_result(outcome(verdict), exercise=EXERCISE.name)


class Names(Progress):
    """Keeps who was done, in that order."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def finished(self, result: Any) -> None:
        """Keep the name."""
        self.done.append(result.student)


@dataclass(frozen=True)
class Graded:
    """What came of a run: verdicts by student, who was done in which order, who was not."""

    verdicts: dict[str, Verdict]
    order: list[str]
    ungraded: tuple[str, ...]
    graded_at: str
    times: list[str]
    with_files: list[str]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Write a class of three."""
    for student in STUDENTS:
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / f"{EXERCISE.name}.py").write_text(student)
    return tmp_path / "class"


def grade(work: Path, script: Script, jobs: int, *, fresh: bool = False) -> Graded:
    """Grade a class by a script; results are kept beside it."""

    def start(_: object, settings: WorkerSettings) -> local._Worker:
        ours, theirs = Pipe()
        threading.Thread(target=script.serve, args=(theirs,), daemon=True).start()
        return local._Worker(cast("BaseProcess", Ended()), ours, settings)

    plan = Plan(LAB, (EXERCISE,), "cpu", Isolation.BUBBLEWRAP, Limits(), jobs, fresh=fresh)
    names = Names()
    with pytest.MonkeyPatch.context() as patch, Store(work.parent / "store") as store:
        patch.setattr(local.LocalEngine, "_start", start)
        run = grade_class(find_submissions(work), plan, store, names)
        verdicts = {each.student: each.exercises[0].verdict for each in run.students}
        times = [each.graded_at for each in run.students]
        with_files = [each.student for each in run.students if each.has_files]
    return Graded(verdicts, names.done, run.ungraded, run.graded_at, times, with_files)


def late_at_first(student: str, time: int) -> Verdict:
    """Let ana run out of time once."""
    return Verdict.TIMED_OUT if (student, time) == ("ana", 1) else Verdict.PASSED


def test_who_ran_out_of_time_gets_a_second_try_alone(work: Path) -> None:
    """After all others, with nobody beside; the better result counts, and is kept."""
    script = Script(late_at_first)
    graded = grade(work, script, jobs=2)
    again = grade(work, Script(late_at_first), jobs=2)

    assert graded.verdicts == again.verdicts == dict.fromkeys(STUDENTS, Verdict.PASSED)
    assert graded.order[-1] == "ana"
    assert [len(script.beside[student]) for student in STUDENTS] == [2, 1, 1]
    assert script.beside["ana"][1] == 0


def test_a_result_keeps_the_time_at_which_it_was_computed(work: Path) -> None:
    """A later run takes it over; the run has that of its newest result."""
    before = datetime.now().astimezone().replace(microsecond=0)
    graded = grade(work, Script(lambda *_: Verdict.PASSED), jobs=1)
    again = grade(work, Script(lambda *_: Verdict.PASSED), jobs=1)

    assert (graded.times, graded.graded_at) == (again.times, again.graded_at)
    assert graded.graded_at == newest(graded.times)
    assert before <= datetime.fromisoformat(graded.graded_at) <= datetime.now().astimezone()


def test_a_file_for_another_exercise_is_a_file(work: Path) -> None:
    """Whoever sent one has handed in something, though none that counts in this run."""
    (work / "dan").mkdir()
    (work / "dan" / "ex01_losses.py").touch()
    (work / "eve").mkdir()
    graded = grade(work, Script(lambda *_: Verdict.MISSING), jobs=1)
    again = grade(work, Script(lambda *_: Verdict.MISSING), jobs=1)

    assert graded.with_files == again.with_files == ["ana", "ben", "cy", "dan"]


def test_with_one_job_nobody_is_beside_and_there_is_no_second_try(work: Path) -> None:
    """It would be the same again."""
    script = Script(late_at_first)
    graded = grade(work, script, jobs=1)

    assert graded.verdicts["ana"] is Verdict.TIMED_OUT
    assert script.beside == {student: [0] for student in STUDENTS}


@pytest.mark.parametrize("fresh", [False, True])
def test_the_same_work_is_graded_once(work: Path, *, fresh: bool) -> None:
    """Of a group, or copied; also while it is being graded, and when all is graded anew."""
    for student in ("ben", "dan"):
        same = work / student / f"{EXERCISE.name}.py"
        same.parent.mkdir(exist_ok=True)
        same.write_text("ana")
    cy_began = threading.Event()

    def verdict(student: str, _: int) -> Verdict:
        """Let ana's work take until somebody else's is begun, so that ben's turn comes before."""
        if student == "cy":
            cy_began.set()
        else:
            cy_began.wait(60)  # without an end, a fault here would never be told
        return Verdict.WRONG if student == "ana" else Verdict.PASSED

    script = Script(verdict)
    graded = grade(work, script, jobs=2, fresh=fresh)

    assert set(script.beside) == {"ana", "cy"}
    assert len(script.beside["ana"]) == 1
    assert graded.verdicts == {
        **dict.fromkeys(("ana", "ben", "dan"), Verdict.WRONG),
        "cy": Verdict.PASSED,
    }
    assert sorted(graded.order) == ["ana", "ben", "cy", "dan"]


def test_a_second_try_counts_for_whoever_has_the_same_work(work: Path) -> None:
    """Nobody is left with the result of the first."""
    (work / "ben" / f"{EXERCISE.name}.py").write_text("ana")
    script = Script(late_at_first)
    graded = grade(work, script, jobs=2)

    assert graded.verdicts == dict.fromkeys(STUDENTS, Verdict.PASSED)
    assert len(script.beside["ana"]) == 2
    assert "ben" not in script.beside


def test_a_run_that_is_stopped_does_not_keep_a_first_try(work: Path) -> None:
    """Ctrl-C in the second one: she counts as not graded, and the next run grades her."""

    def stopped(student: str, time: int) -> Verdict:
        if (student, time) == ("ana", 2):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return Verdict.TIMED_OUT if student == "ana" else Verdict.PASSED

    graded = grade(work, Script(stopped), jobs=2)
    assert graded.ungraded == ("ana",)
    assert sorted(graded.order) == ["ben", "cy"]

    script = Script(lambda *_: Verdict.PASSED)
    assert grade(work, script, jobs=2).verdicts["ana"] is Verdict.PASSED
    assert list(script.beside) == ["ana"]
