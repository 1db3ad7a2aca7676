"""Blackboard Learn: "Assignment File Download", a flat `gradebook_….zip`.

- `ASSIGNMENT_username_attempt_YYYY-MM-DD-hh-mm-ss_FILE` for each file of each attempt, and a
  receipt `ASSIGNMENT_username_attempt_YYYY-MM-DD-hh-mm-ss.txt`: the README and the tests of
  kwurst/bb-file-cleanup, and nbgrader's own example for `zip_collect`.
- The receipt, as timdrysdale/parselearn and a parser of 2025 read it: `Name: First Last
  (username)`, `Assignment:`, `Date Submitted:`, `Current Mark:` or `Current Grade:`, `Submission
  Field:` with the text or "There is no student submission text data for this assignment.",
  `Comments:` with "There are no student comments for this assignment.", `Files:` with tab-
  indented `Original filename:` and `Filename:`. The date is
  `Friday, November 20, 2026 5:21:00 PM UTC`, at British universities
  `Friday, 20 November 2026 17:21:00 o'clock GMT`.
- A username may have an underscore in it, so the receipt says where it ends.
- All attempts are in it if "All attempts" was chosen. Nothing tells what is late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.packing import Download, Entry, expecting
from lms.people import CLASS, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["blackboard", "british"]

TITLE = "Training a network"
FILE_NAME = "gradebook_2026-NN101_Training20a20network_2026-11-23-09-30-00"
NO_TEXT = "There is no student submission text data for this assignment."
NO_COMMENT = "There are no student comments for this assignment."


def blackboard() -> Download:
    """Return what Blackboard gives, with all attempts."""
    return _download("blackboard", british=False)


def british() -> Download:
    """Return what it gives where dates are British and a grade is a mark."""
    return _download("blackboard-british", british=True)


def _download(name: str, *, british: bool) -> Download:
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [
        entry
        for each in handed_in
        for attempt in range(1, each.last_attempt + 1)
        for entry in _attempt(each, attempt, british=british)
    ]
    expected = tuple(
        expecting(
            each,
            each.login,
            name=each.name,
            login=each.login,
            attempt=each.last_attempt if each.last_attempt > 1 else 0,
            submitted_at=each.at(),
        )
        for each in handed_in
    )
    return Download(name, FILE_NAME, tuple(entries), expected, student_folders=0)


def _attempt(student: Person, attempt: int, *, british: bool) -> Iterator[Entry]:
    start = f"{TITLE}_{student.login}_attempt_{student.at(attempt):%Y-%m-%d-%H-%M-%S}"
    names = {file.name: f"{start}_{file.name}" for file in student.of_attempt(attempt)}
    receipt = _receipt(student, attempt, names, british=british)
    yield Entry(f"{start}.txt", receipt.encode())
    for file in student.of_attempt(attempt):
        yield Entry(names[file.name], file.content)


def _receipt(student: Person, attempt: int, names: dict[str, str], *, british: bool) -> str:
    at = student.at(attempt)
    time = (
        f"{at:%A}, {at.day} {at:%B} {at:%Y} {at:%H:%M:%S} o'clock GMT"
        if british
        else f"{at:%A}, {at:%B} {at.day}, {at:%Y} {at.hour % 12 or 12}:{at:%M:%S %p} UTC"
    )
    lines = [
        f"Name: {student.name} ({student.login})",
        f"Assignment: {TITLE}",
        f"Date Submitted: {time}",
        "Current Mark: Needs Marking" if british else "Current Grade: Needs Grading",
        "",
        "Submission Field:",
        student.text or NO_TEXT,
        "",
        "Comments:",
        NO_COMMENT,
        "",
    ]
    if names:
        lines.append("Files:")
    for original, stored in names.items():
        lines += [f"\tOriginal filename: {original}", f"\tFilename: {stored}", ""]
    return "\n".join(lines) + "\n"
