"""nbgrader: the CSV of `nbgrader export` (`nbgrader/plugins/export.py`), as scripts read it."""

from __future__ import annotations

from lms.taking_back.refusing import Refused, number, table

__all__ = ["read_grades"]

HEADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def read_grades(content: bytes) -> dict[tuple[str, str], tuple[float, float]]:
    """Return score and maximum by assignment and student.

    Raises:
        Refused: another header, a number that is none, or a row that comes twice.
    """
    header, *rows = table(content.decode(), ",")
    if tuple(header) != HEADER:
        raise Refused(f"its columns are {header}")
    grades: dict[tuple[str, str], tuple[float, float]] = {}
    for row in rows:
        cells = dict(zip(HEADER, row, strict=True))
        raw, penalty = number(cells["raw_score"]), number(cells["late_submission_penalty"] or "0")
        score, key = number(cells["score"]), (cells["assignment"], cells["student_id"])
        if score != max(0.0, raw - penalty) or key in grades or not all(key):
            raise Refused(f"{cells}")
        grades[key] = (score, number(cells["max_score"]))
    return grades
