"""All that a course's suites are written with."""

from __future__ import annotations

from grader.answers.difference import Gap, difference
from grader.answers.drawing import (
    confusion,
    confusion_of,
    descent,
    digit_row,
    gradient_bars,
    loss_curves,
    probability_shares,
    shares_of_logs,
)
from grader.answers.tolerances import (
    F32_CLOSE,
    F32_FAR_APART,
    F64_EXACT,
    LOOSE,
    Tolerance,
    over_many_steps,
)
from grader.asking.probes import after, points, probe
from grader.asking.sessions import Session, session
from grader.asking.standing_in import student_with
from grader.asking.student import Answer, Student
from grader.expecting.beside import expect_beside
from grader.expecting.expect import Draw, Mistakes, earlier_cause_first, expect, expect_each
from grader.expecting.raising import expect_raises
from grader.expecting.requiring import array_of, number_of, tensor_of
from grader.guest.submission import StudentModule
from grader.results.pictures import DigitRow

__all__ = [
    "F32_CLOSE",
    "F32_FAR_APART",
    "F64_EXACT",
    "LOOSE",
    "Answer",
    "DigitRow",
    "Draw",
    "Gap",
    "Mistakes",
    "Session",
    "Student",
    "StudentModule",
    "Tolerance",
    "after",
    "array_of",
    "confusion",
    "confusion_of",
    "descent",
    "difference",
    "digit_row",
    "earlier_cause_first",
    "expect",
    "expect_beside",
    "expect_each",
    "expect_raises",
    "gradient_bars",
    "loss_curves",
    "number_of",
    "over_many_steps",
    "points",
    "probability_shares",
    "probe",
    "session",
    "shares_of_logs",
    "student_with",
    "tensor_of",
]
