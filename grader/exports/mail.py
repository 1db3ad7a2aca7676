"""Addresses, scores and pages, for a mail merge."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.exports.formats import Format, Outcome
from grader.exports.texts import line, plain
from grader.text.spreadsheets import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from grader.exports.formats import Request

__all__ = ["FORMAT"]

HEAD = ("email", "name", "student", "score", "max_score", "page")
NEXT_STEP = "Use it as the data source of a mail merge; `page` is the file to attach."
ADDRESS = re.compile(r"[^\s,;:<>()\"@]+@[^\s,;:<>()\"@]+")  # one, and nothing that adds a header


def _render(request: Request, file: BinaryIO) -> Outcome:
    outcome = Outcome(NEXT_STEP)
    write_table(file, _rows(request, outcome))
    return outcome


def _rows(request: Request, outcome: Outcome) -> Iterator[tuple[str | float, ...]]:
    yield HEAD
    for student in outcome.final(request.results.students):
        if not ADDRESS.fullmatch(student.email):
            outcome.leave_out(student.shown, "no e-mail address is known")
            continue
        page = request.page_of(student)
        person = student.email, line(student.name or student.student), plain(student.student)
        yield *person, student.score, student.max_score, str(page.absolute()) if page else ""
        outcome.written += 1


FORMAT = Format("mail", "addresses, scores and pages, for a mail merge", "mail.csv", _render)
