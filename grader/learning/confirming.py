"""Whether code gives an answer: it is graded in the sandbox, as a class of one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.authoring.regions import BEGIN, END
from grader.doctor.choosing import choose
from grader.proving.cases import solution_case
from grader.runs.engine import Plan, Progress, grade_class
from grader.runs.store import Store
from grader.sandbox.command import Wanted
from grader.sandbox.limits import Limits
from grader.submissions import find_class

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.results.unnamed import SharedAnswer

__all__ = ["gives"]

DEVICE = "cpu"


def gives(code: str, course: Course, exercise: Exercise, answer: SharedAnswer[str]) -> bool:
    """Return whether a module gives an answer to its test.

    Args:
        code: the text of the module, by a student's hand: it is run in the sandbox alone.
        course: the exercise's.
        exercise: what it is for.
        answer: what it is to give.

    Raises:
        InfrastructureError: there is no sandbox here, or no worker can be started.
    """
    isolation, _ = choose(Wanted.AUTO)
    lines = [line for line in code.splitlines() if line.strip() not in {BEGIN, END}]
    with TemporaryDirectory(prefix="grader-learn-") as folder:
        place = Path(folder, "class", "one")
        place.mkdir(parents=True)
        files = {**solution_case(course, exercise).beside, f"{exercise.name}.py": "\n".join(lines)}
        for name, text in files.items():
            (place / name).write_text(f"{text}\n", encoding="utf-8")
        work = find_class(place.parent, course)
        plan = Plan(course, (exercise,), DEVICE, isolation, Limits(), jobs=1, fresh=True)
        with Store(Path(folder, "store.sqlite3")) as store:
            run = grade_class(work.submissions, plan, store, Progress())
            tests = [test for each in run.students for of in each.exercises for test in of.tests]
    given = {test.name: test.fingerprint for test in tests if not test.public}
    return given.get(answer.test) == answer.fingerprint
