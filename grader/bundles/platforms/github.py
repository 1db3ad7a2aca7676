"""For GitHub: a workflow that grades pull requests, and what its report and summary say.

The hidden tests are in another, private repository, and what a pull request brings is data: it
changes no workflow that is run, and none of its code runs outside the sandbox.
"""

from __future__ import annotations

import html
import shutil
from typing import TYPE_CHECKING

from grader.bundles.contents import grader_and_course, installing
from grader.bundles.platform import Graded, Order, Platform, from_template
from grader.bundles.settings import settings_file
from grader.bundles.standing import standing_in_words
from grader.exports.texts import line, told_of_student, told_of_test, told_of_title
from grader.files.replacing import replace
from grader.text.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.bundles.settings import Bundle
    from grader.exports.results import ExerciseEntry, TestEntry

__all__ = ["PLATFORM"]

GRADER = "grader"  # the folder of what belongs into the private repository
SUMMARY, PAGE = "summary.md", "report.html"
MOST_CHARACTERS = 200_000  # GitHub takes a megabyte for a step
WITHOUT_PAGE = "The page of this report is withheld: ask your instructor."


def _files(order: Order) -> Iterator[tuple[str, bytes]]:
    yield "README.md", from_template("github/README.md")
    yield "class/.github/workflows/grade.yml", from_template("github/grade.yml")
    yield f"{GRADER}/run.sh", from_template("github/run.sh")
    settings = settings_file(PLATFORM.name, order)
    for name, content in (settings, *installing(order), *grader_and_course(order)):
        yield f"{GRADER}/{name}", content


def _report(graded: Graded, bundle: Bundle, output: Path) -> None:
    del bundle
    if graded.page:
        shutil.copyfile(graded.page, output / PAGE)
    replace(output / SUMMARY, _cut("\n".join(_summary(graded))))


def _summary(graded: Graded) -> Iterator[str]:
    """Give the lines of the summary: Markdown in which no text of others is any."""
    student = graded.student
    yield f"## {number(student.score)} of {number(student.max_score)} points\n"
    remarks = [standing_in_words(graded), told_of_student(student, graded.course)]
    remarks += [] if graded.page else [WITHOUT_PAGE]
    yield from (_as_it_is(remark) for remark in remarks if remark)
    yield "<table>\n<tr><th>test<th>points<th>verdict</tr>"
    for each in student.exercises:
        yield from (_row(each, test, graded) for test in each.tests)
    yield "</table>"


def _row(exercise: ExerciseEntry, test: TestEntry, graded: Graded) -> str:
    points = f"{number(test.score)} of {number(test.max_score)}" if test.max_score else ""
    message = told_of_test(test, graded.course)
    told = html.escape(told_of_title(exercise, test)) + (_as_it_is(message) if message else "")
    return f"<tr><td>{told}<td>{points}<td>{html.escape(line(test.verdict.words))}</tr>"


def _as_it_is(text: str) -> str:
    """Return HTML that shows a text; a line break is no end of the table for Markdown."""
    lines = html.escape(text).splitlines()
    return f"<pre>{'&#10;'.join(lines)}</pre>"


def _cut(text: str) -> str:
    more = "\n\nThe rest is in the report."
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + more


PLATFORM = Platform(
    "github",
    _files,
    "Its README.md says which folder goes into which repository.",
    report=_report,
)
