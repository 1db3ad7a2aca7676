"""Addresses, scores and pages, for a mail merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.exports.formats import Format, Outcome
from grader.spreadsheets import write_table

if TYPE_CHECKING:
    from typing import BinaryIO

    from grader.exports.formats import Request

__all__ = ["FORMAT"]

HEAD = ("email", "name", "student", "score", "max_score", "page")
NEXT_STEP = "Use it as the data source of a mail merge; `page` is the file to attach."


def _render(request: Request, file: BinaryIO) -> Outcome:
    outcome = Outcome(NEXT_STEP)
    rows: list[tuple[str | float, ...]] = [HEAD]
    for student in outcome.final(request.results.students):
        if not student.email:
            outcome.leave_out(student.shown, "no e-mail address is known")
            continue
        page = request.page_of(student)
        name = student.name or student.student
        path = str(page.absolute()) if page else ""
        scores = student.score, student.max_score
        rows.append((student.email, name, student.student, *scores, path))
        outcome.written += 1
    write_table(file, rows)
    return outcome


FORMAT = Format("mail", "addresses, scores and pages for a mail merge", "mail.csv", _render)
