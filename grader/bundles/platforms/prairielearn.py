"""For PrairieLearn: a question for each exercise, the grader they share, and an image to run it in.

The image holds what anybody may have; this grader and the hidden tests come with each job.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from grader.bundles.contents import grader_and_course, installing
from grader.bundles.platform import Graded, Order, Platform, from_template
from grader.bundles.settings import settings_file
from grader.bundles.standing import standing_in_words
from grader.errors import UsageError
from grader.exports.results import Standing
from grader.exports.texts import told_of_student, told_of_test, told_of_title
from grader.files.replacing import replacing_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.bundles.settings import Bundle
    from grader.courses import Course, Exercise
    from grader.exports.results import ExerciseEntry, TestEntry

__all__ = ["PLATFORM"]

IMAGE = "ACCOUNT/grader"  # to be replaced by the name of the image
SHARED = "serverFilesCourse/grader"
LONGEST_S = 600  # as PrairieLearn allows
MOST_BYTES = 1_000_000  # of a results.json
GRADABLE = (Standing.FINAL, Standing.WAITING)


def _files(order: Order) -> Iterator[tuple[str, bytes]]:
    yield "README.md", from_template("prairielearn/README.md", image=IMAGE)
    yield "image/Dockerfile", from_template("prairielearn/Dockerfile")
    for name, content in installing(order):
        yield f"image/{name}", content
    yield f"{SHARED}/run.sh", from_template("prairielearn/run.sh")
    for name, content in (settings_file(PLATFORM.name, order), *grader_and_course(order)):
        yield f"{SHARED}/{name}", content
    for exercise in order.counting:
        folder = f"questions/{exercise.name}"
        yield f"{folder}/info.json", _information(order.course, exercise)
        yield f"{folder}/question.html", _question(exercise)


def _information(course: Course, exercise: Exercise) -> bytes:
    information = {
        "uuid": str(uuid5(NAMESPACE_URL, f"{course.title}/{exercise.name}")),
        "title": exercise.title,
        "topic": course.title,
        "type": "v3",
        "gradingMethod": "External",
        "externalGradingOptions": {
            "enabled": True,
            "image": IMAGE,
            "serverFilesCourse": ["grader/"],
            "entrypoint": ["/grade/serverFilesCourse/grader/run.sh", exercise.name],
            "timeout": LONGEST_S,
        },
    }
    return (json.dumps(information, indent=2, ensure_ascii=False) + "\n").encode()


def _question(exercise: Exercise) -> bytes:
    if any("/" in name for name in exercise.file_names):
        raise UsageError(
            f"{exercise.name} has files in folders, which PrairieLearn can't take: name the other "
            "exercises with --exercise"
        )
    is_set = bool(exercise.files)  # of files that all have to be there
    return from_template(
        "prairielearn/question.html",
        title=html.escape(exercise.title).replace("{{", "{ {"),
        kind="file-names" if is_set else "optional-file-names",
        files=", ".join(exercise.file_names),
        which=(" and " if is_set else " or ").join(exercise.file_names),
    )


def _report(graded: Graded, bundle: Bundle, output: Path) -> None:
    del bundle
    content = msgspec.json.encode(_results(graded))
    if len(content) > MOST_BYTES:
        content = msgspec.json.encode(_results(graded, with_messages=False))
    with replacing_bytes(output) as file:
        file.write(content)


def _results(graded: Graded, *, with_messages: bool = True) -> dict[str, Any]:
    """Return the results; what is no mark costs no attempt."""
    student, said = graded.student, standing_in_words(graded)
    if student.standing not in GRADABLE:
        return {"gradable": False, "score": 0.0, "message": said, "format_errors": [said]}
    notes = filter(None, [said, told_of_student(student, graded.course)])
    return {
        "gradable": True,
        "score": student.score / student.max_score if student.max_score else 0.0,
        "message": "\n".join(notes),
        "tests": [
            _test(each, test, told_of_test(test, graded.course) if with_messages else "")
            for each in student.exercises
            for test in each.tests
        ],
    }


def _test(exercise: ExerciseEntry, test: TestEntry, message: str) -> dict[str, Any]:
    """Return a test; one of no points is shown as a remark where both numbers are 0."""
    name = told_of_title(exercise, test)
    points = {"points": test.score, "max_points": test.max_score}
    return {"name": name, **points, "message": message or test.verdict.words}


PLATFORM = Platform(
    "prairielearn",
    _files,
    "Its README.md says how it goes into a PrairieLearn course.",
    report=_report,
)
