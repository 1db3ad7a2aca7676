"""What grading a class costs that hands in all exercises: `python tests/mixed_class.py`.

It prints the mean seconds a student of each exercise, warm, with one job. Those of lab_training are
nearly all the student's own training.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lab_works import write_work
from the_lab import EXERCISES, LAB, find_submissions

from grader.courses import works_of
from grader.sandbox.command import Isolation
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from grader.judge.plugin import SuiteRunner

__all__ = ["seconds_a_student", "write_mixed_class"]

SIZE = 30


def write_mixed_class(folder: Path) -> Path:
    """Write a class that hands in everything; every third file is right, the others are not."""
    for exercise in EXERCISES:
        works = works_of(LAB, exercise)
        right = [work for work in works if work.is_right]
        wrong = [work for work in works if not work.is_right]
        for number in range(SIZE):
            of_a_kind = wrong if number % 3 else right
            work = of_a_kind[number % len(of_a_kind)]
            write_work(work, folder / f"student-{number:03}")
    return folder


def seconds_a_student(folder: Path) -> dict[str, float]:
    """Grade a class in one warm sandbox; return each exercise's mean seconds a student."""
    from grader.judge.grading import grade_submission
    from grader.judge.plugin import run_suites
    from grader.sandbox.sandbox import Sandbox

    seconds = dict.fromkeys((each.name for each in EXERCISES), 0.0)

    def serve(runner: SuiteRunner) -> None:
        for submission in find_submissions(folder):
            work = {each: submission.read(each.name, LAB) for each in EXERCISES}
            for result in grade_submission(sandbox, runner, work, "cpu"):
                seconds[result.exercise] += result.seconds / SIZE

    suites = [file for each in EXERCISES for file in (each.public_checks, each.hidden_suite)]
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", Limits()) as sandbox:
        run_suites(suites, serve)
    return seconds


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(seconds_a_student(write_mixed_class(Path(folder)))))
