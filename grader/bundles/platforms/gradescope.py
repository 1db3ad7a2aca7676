"""For Gradescope: a zip with `setup.sh` and `run_autograder`, and the results that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from grader.bundles.contents import grader_and_course, installing
from grader.bundles.platform import Graded, Order, Platform, from_template
from grader.bundles.settings import Visibility, settings_file
from grader.bundles.standing import standing_in_words
from grader.exports.gradescope import submission_results
from grader.files.replacing import replacing_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.bundles.settings import Bundle

__all__ = ["PLATFORM"]


def _files(order: Order) -> Iterator[tuple[str, bytes]]:
    yield "README.md", from_template("gradescope/README.md")
    yield "setup.sh", from_template("gradescope/setup.sh")
    yield "run_autograder", from_template("gradescope/run_autograder")
    yield from installing(order)
    yield from grader_and_course(order)
    yield settings_file(PLATFORM.name, order, can_hide=True)


def _report(graded: Graded, bundle: Bundle, output: Path) -> None:
    content = msgspec.json.encode(_results(graded, bundle.hidden_tests))
    with replacing_bytes(output) as file:
        file.write(content)


def _results(graded: Graded, hidden_tests: Visibility) -> dict[str, Any]:
    """Return the results; each test says when it is seen, the public ones at once."""
    results = submission_results(graded.student, graded.course)
    tests = [test for each in graded.student.exercises for test in each.tests]
    for entry, test in zip(results["tests"], tests, strict=True):
        entry["visibility"] = Visibility.VISIBLE if test.public else hidden_tests
    said = filter(None, [standing_in_words(graded), results["output"]])
    return results | {"output": "\n".join(said)}


PLATFORM = Platform(
    "gradescope",
    _files,
    "Upload it in Gradescope: in the programming assignment, under Configure Autograder. Its "
    "README.md says which settings it needs.",
    is_zip=True,
    report=_report,
)
