"""Grade one attack, and the student who comes after it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import msgspec

from grader.courses.limits import TIMES
from grader.guest.process.limits import GuestLimits
from grader.judge.grading import grade_submission
from grader.redteam.attacks import HOSTILE, REFUSED, honest_work
from grader.redteam.findings import Finding, comparable, reasons, what_happened
from grader.redteam.inputs import HONEST, grade_input
from grader.results.verdicts import worst
from grader.sandbox.limits import Limits
from grader.submissions import File, HandIn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise
    from grader.judge.plugin import SuiteRunner
    from grader.redteam.attacks import Attack
    from grader.redteam.baits import Baits
    from grader.results.verdicts import ExerciseResult
    from grader.sandbox.sandbox import Sandbox

__all__ = ["LIMITS", "Grading"]

# little memory, so that what fills it is soon done; an ordinary student's time is never short
LIMITS = Limits(GuestLimits(memory_bytes=256 * 2**20), load_s=20.0, call_s=20.0, fixed=TIMES)
# for attacks that are over only when they are stopped
HURRIED = msgspec.structs.replace(LIMITS, load_s=1.0, call_s=0.5, call_after_timeout_s=0.1)


class Grading:
    """Grades attacks in one sandbox, one after another."""

    def __init__(
        self,
        sandbox: Sandbox,
        runner: SuiteRunner,
        baits: Baits,
        course: Course,
        device: str = "cpu",
    ) -> None:
        self._sandbox = sandbox
        self._runner = runner
        self._baits = baits
        self._device = device
        exercise = course.exercises[0]
        text = honest_work(course, exercise) + baits.left_behind()
        self._ordinary = {exercise: _handed_in(exercise, text)}
        self._expected = comparable(self._grade(self._ordinary))

    def grade(self, attack: Attack) -> Finding:
        """Grade an attack and the student after it; say whether it was held."""
        start = time.monotonic()
        if attack.kind == HOSTILE:
            results, happened, broken = self._input(attack)
        else:
            results, happened, broken = self._submission(attack)
        names = [test.name for test in self._runner.suites.tests_of(attack.exercise, public=False)]
        broken += reasons(attack, results, self._baits, names)
        return Finding(
            attack=attack,
            happened=happened,
            verdict=worst(result.verdict for result in results) if results else REFUSED,
            score=max((result.score for result in results), default=0.0),
            broken=(*broken, *self._next_student()),
            seconds=time.monotonic() - start,
            promised=self._sandbox.isolation not in attack.unpromised,
        )

    def _submission(self, attack: Attack) -> tuple[Sequence[ExerciseResult], str, list[str]]:
        known = f"\nKNOWN = {self._baits.known!r}\n"
        honest = "" if attack.alone else honest_work(attack.course, attack.exercise)
        text = honest + known + attack.text
        work = {attack.exercise: _handed_in(attack.exercise, text)}
        results = self._grade(work, HURRIED if attack.waits else LIMITS)
        return results, what_happened(results), []

    def _input(self, attack: Attack) -> tuple[Sequence[ExerciseResult], str, list[str]]:
        graded = grade_input(attack, str(self._baits.known["marker"]), self._grade)
        broken = list(graded.broken)
        honest = graded.students.get(HONEST, ())
        due = sum(result.score for result in self._expected)
        if graded.students and sum(result.score for result in honest) != due:
            broken.append(f"the honest student beside it has {what_happened(honest)}")
        return graded.attacker, graded.said or what_happened(graded.attacker), broken

    def _next_student(self) -> list[str]:
        """Grade the ordinary student once more; say how that differs from the first time."""
        results = comparable(self._grade(self._ordinary))
        if results == self._expected:
            return []
        return [f"the student after it gets something else: {what_happened(results)}"]

    def _grade(
        self, work: dict[Exercise, HandIn], limits: Limits = LIMITS
    ) -> Sequence[ExerciseResult]:
        self._sandbox.limits = limits if self._device == "cpu" else with_usual_memory(limits)
        return grade_submission(self._sandbox, self._runner, work, self._device)


def with_usual_memory(limits: Limits) -> Limits:
    """Return limits with as much memory as usual: what drives a GPU takes hundreds of megabytes."""
    return msgspec.structs.replace(limits, guest=GuestLimits())


def _handed_in(exercise: Exercise, text: str) -> HandIn:
    """Hand code in: as a module, or in every answer cell of a notebook."""
    if not exercise.cells:
        return HandIn((File(f"{exercise.name}.py", text.encode()),))
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": cell}}, "source": text}
        for cell in exercise.cells
    ]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5})
    return HandIn((File(f"{exercise.name}.ipynb", notebook.encode()),))
