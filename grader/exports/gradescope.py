"""A `results.json` per submission, as Gradescope reads it from an autograder.

Rules: gradescope-autograders.readthedocs.io, "Autograder Specifications".
"""

from __future__ import annotations

import io
import re
from itertools import chain, count
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import UsageError
from grader.exports.formats import Format, Outcome
from grader.exports.texts import line, plain, told_of_student, told_of_test, told_of_title
from grader.files.zipping import write_zip
from grader.results.verdicts import Verdict
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from grader.courses import Course
    from grader.exports.formats import Request
    from grader.exports.results import ExerciseEntry, Student, TestEntry

__all__ = ["FORMAT", "submission_results"]

SUBMISSION = re.compile(r"submission_\d+")  # a folder of Gradescope's own export
NOT_IN_NAMES = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80
LIST = "students.csv"
HEAD = ("folder", "student", "name", "email")
NEXT_STEP = (
    "Put it into an autograder whose run_autograder copies a submission's results.json to "
    f"/autograder/results/; {LIST} says whose folder is whose."
)


class _Folders:
    """The folders of the zip: one for each submission, which a group shares.

    Attributes:
        rows: whose folder is whose.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = [HEAD]
        self._contents: dict[str, int] = {}  # by folder, as file systems without case see it

    def add(self, student: Student, content: bytes) -> str:
        """Return the folder for a student; empty where a member of the group has it already."""
        name, known = _folder_name(student), hash(content)
        folders = chain([name], (f"{name}-{number}" for number in count(2)))
        folder = next(each for each in folders if self._is_free(each, known))
        is_new = folder.casefold() not in self._contents
        self._contents[folder.casefold()] = known
        self.rows.append((folder, plain(student.student), line(student.name), line(student.email)))
        return folder if is_new else ""

    def _is_free(self, folder: str, content: int) -> bool:
        there = self._contents.get(folder.casefold())
        return there is None or (there == content and bool(SUBMISSION.fullmatch(folder)))


def _render(request: Request, file: BinaryIO) -> Outcome:
    _require_its_course(request)
    outcome = Outcome(NEXT_STEP)
    write_zip(file, _files(request, outcome))
    return outcome


def _files(request: Request, outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    folders = _Folders()
    for student in outcome.final(request.results.students):
        content = msgspec.json.encode(submission_results(student, request.course))
        if folder := folders.add(student, content):
            yield f"{folder}/results.json", content
        outcome.written += 1
    table = io.BytesIO()
    write_table(table, folders.rows)
    yield LIST, table.getvalue()


def _folder_name(student: Student) -> str:
    handed_in = PurePosixPath(student.handed_in_as).name
    if SUBMISSION.fullmatch(handed_in):
        return handed_in
    name = PurePosixPath(student.page or "").stem or student.student
    return NOT_IN_NAMES.sub("-", name)[:LONGEST_NAME].strip("-.") or "student"


def _require_its_course(request: Request) -> None:
    """Refuse results of another course: nobody could tell whether a text is of its hidden tests.

    Raises:
        UsageError: they are.
    """
    student = next(iter(request.results.students), None)
    names = [each.exercise for each in student.exercises] if student else []
    if names and not any(map(request.course.known, names)):
        raise UsageError(
            f"these results are of {', '.join(names)}, and {request.course.folder} has no such "
            "exercise: name the course that was graded with --course FOLDER"
        )


def submission_results(student: Student, course: Course) -> dict[str, Any]:
    """Return what Gradescope is to read of a student; its tests are in the results' order."""
    return {
        "score": student.score,
        "execution_time": round(sum(each.seconds for each in student.exercises), 2),
        "output": told_of_student(student, course),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",  # the student's page shows no less
        "stdout_visibility": "hidden",
        "tests": [_test(each, test, course) for each in student.exercises for test in each.tests],
    }


def _test(exercise: ExerciseEntry, test: TestEntry, course: Course) -> dict[str, Any]:
    points = {"score": test.score, "max_score": test.max_score} if test.max_score else {}
    return points | {
        "status": "passed" if test.verdict is Verdict.PASSED else "failed",
        "name": told_of_title(exercise, test),
        "output": told_of_test(test, course),
        "tags": [exercise.exercise],
    }


FORMAT = Format("gradescope", "a results.json per submission, in a zip", "gradescope.zip", _render)
