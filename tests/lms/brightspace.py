"""Brightspace (D2L): "Download" of an assignment's submissions.

- `ASSIGNMENT Download Nov 23, 2026 930 AM.zip` with a folder for each *submission*:
  `NUMBER-NUMBER - Name - Nov 20, 2026 521 PM`. cgmb/d2lmf (README, `parse_submission_dirname` and
  its tests): id, name and time with ` - ` between them, more of which belong to the name. Its tests
  have times with a colon, and with `_` where Windows unpacked them; the zip's own name has none.
- An `index.html` beside the folders lists the submissions with the students' comments.
- Day and time are in the site's language and order; how other languages than English write them
  is not documented, so `french` is a guess that has to be met with doubt.
- The first number is the student's, the same in each of the student's folders; the second the
  assignment's. That is not documented: a reader has the name as well.
- A text submission is an HTML file in the folder. Nothing tells what is late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting, files_in
from lms.people import CLASS, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

__all__ = ["brightspace", "colons", "day_first", "french", "underscores"]

TITLE = "Training a network"
FILE_NAME = f"{TITLE} Download Nov 23, 2026 930 AM"
ASSIGNMENT = 771204
MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
)  # fmt: skip


def brightspace() -> Download:
    """Return what Brightspace gives."""
    return _download("brightspace", lambda at: f"{_day(at)} {at.hour % 12 or 12}{at:%M %p}")


def underscores() -> Download:
    """Return it as some systems unpack it: with `_` for each colon."""
    return _download(
        "brightspace-underscores", lambda at: f"{_day(at)} {at.hour % 12 or 12}_{at:%M %p}"
    )


def colons() -> Download:
    """Return it as it once was: with colons in the times."""
    return _download("brightspace-colons", lambda at: f"{_day(at)} {at.hour % 12 or 12}:{at:%M %p}")


def day_first() -> Download:
    """Return it as a British site has it."""
    return _download("brightspace-day-first", lambda at: f"{at.day} {at:%B %Y %H%M}")


def french() -> Download:
    """Return it as a French site has it; a grader can't know which attempt is the newest."""
    months = dict(enumerate(MONTHS, start=1))
    return _download(
        "brightspace-french", lambda at: f"{at.day} {months[at.month]} {at:%Y %H h %M}"
    )


def _day(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at:%Y}"


def _download(name: str, moment: Callable[[datetime], str]) -> Download:
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [Entry("index.html", _index(handed_in))]
    for each in handed_in:
        entries += _submissions(each, moment)
    expected = tuple(_expected(each) for each in handed_in)
    return Download(name, FILE_NAME, tuple(entries), expected, student_folders=0)


def _submissions(student: Person, moment: Callable[[datetime], str]) -> Iterator[Entry]:
    for attempt in range(1, student.last_attempt + 1):
        at = student.at(attempt)
        folder = f"{100_000 + student.number}-{ASSIGNMENT} - {student.name} - {moment(at)}"
        yield from files_in(folder, student.of_attempt(attempt))
        if student.text and not student.files:
            page = f"<html><body><p>{student.text}</p></body></html>"
            yield Entry(f"{folder}/Text submission.html", page.encode())


def _index(handed_in: list[Person]) -> bytes:
    rows = "".join(
        f"<tr><td>{each.name}</td><td>{file.name}</td><td>{each.text}</td></tr>"
        for each in handed_in
        for file in each.files
    )
    return f"<html><body><h1>{TITLE}</h1><table>{rows}</table></body></html>".encode()


def _expected(student: Person) -> Expected:
    return expecting(
        student,
        str(100_000 + student.number),
        name=student.name,
        attempt=student.last_attempt if student.last_attempt > 1 else 0,
        submitted_at=student.at(),
    )
