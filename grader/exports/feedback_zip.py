"""The students' pages in a zip, each under the name by which the LMS finds its student."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from grader.exports.formats import Format, Outcome, Platform
from grader.exports.handed_in import canvas_file, moodle_file
from grader.exports.results import Standing
from grader.files.zipping import write_zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.results import Student

__all__ = ["FORMAT"]

NEXT_STEPS = {
    Platform.CANVAS: (
        "Upload it in Canvas: in the gradebook, in the menu of the assignment, Upload Submissions. "
        "Students find the page in the comments, under the name of their own file: Canvas calls it "
        "so, though it is HTML."
    ),
    Platform.MOODLE: (
        "Upload it in Moodle: in the assignment, under Submissions, Actions, Upload multiple "
        "feedback files in a zip. The assignment must have Feedback files switched on."
    ),
    Platform.PLAIN: "Each page has the name that it has in the reports.",
}
UNNAMED = {
    Platform.CANVAS: "Canvas finds students by a file that they uploaded there",
    Platform.MOODLE: "Moodle finds students by a folder of their own in its download",
    Platform.PLAIN: "",
}


def _render(request: Request, file: BinaryIO) -> Outcome:
    platform = request.platform or Platform.PLAIN
    outcome = Outcome(NEXT_STEPS[platform])
    write_zip(file, _files(request, platform, outcome))
    outcome.require_some(f"there is no page for {platform.value}")
    return outcome


def _files(request: Request, platform: Platform, outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    """Give each page with its name; who has none, or no page, is left out."""
    taken: dict[str, str] = {}
    for student in request.results.students:
        page = request.page_of(student)
        name = _NAMES[platform](student)
        if student.standing is Standing.FAULT:
            outcome.leave_out(student.shown, student.standing.value)
        elif page is None:
            outcome.leave_out(student.shown, "there is no page of theirs beside the results")
        elif not name:
            outcome.leave_out(student.shown, UNNAMED[platform])
        elif name in taken:
            outcome.leave_out(student.shown, f"one hand-in with {taken[name]}, whose page is in it")
        else:
            taken[name] = student.shown
            outcome.written += 1
            yield name, page.read_bytes()


def _for_canvas(student: Student) -> str:
    """Return the name of the student's own file: Canvas goes by the two numbers in it."""
    found = canvas_file(student.handed_in_as)
    return f"{found.name}.html" if found and found.is_attachment else ""


def _for_moodle(student: Student) -> str:
    """Return a file in the student's own folder.

    A team's folder has the team's number, which could be another student's.
    """
    found = moodle_file(student.handed_in_as)
    if found is None or student.group:
        return ""
    folder = f"{found.name}_{found.participant}_assignsubmission_file"
    return f"{folder}/{_page_name(student)}"


def _page_name(student: Student) -> str:
    return PurePath(student.page or "").name


_NAMES: dict[Platform, Callable[[Student], str]] = {
    Platform.CANVAS: _for_canvas,
    Platform.MOODLE: _for_moodle,
    Platform.PLAIN: _page_name,
}
FORMAT = Format(
    "feedback-zip",
    "students' pages, named so that the LMS hands them out",
    "feedback.zip",
    _render,
    platforms=tuple(Platform),
)
