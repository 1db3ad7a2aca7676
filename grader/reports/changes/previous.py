"""What a student had in the run before, for `results.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.results.changes import Points
from grader.text.wording import rounded

if TYPE_CHECKING:
    from grader.results.changes import Change, TestChange
    from grader.results.verdicts import StudentResult
    from grader.runs.history.comparing import RunDiff

__all__ = ["previous"]


def previous(result: StudentResult, diff: RunDiff | None) -> dict[str, Any]:
    """Return what a student had in the run before, and what has changed."""
    if diff is None or result.student not in diff.before.students:
        return {}
    score, of = diff.earlier.get(result.student, (result.score, result.max_score))
    changes = map(_change, diff.by_student.get(result.student, ()))
    return {
        "previous": {"score": rounded(score), "max_score": rounded(of), "changes": list(changes)}
    }


def _change(change: Change) -> dict[str, Any]:
    before = change.before or Points(0.0, 0.0)
    return {
        "exercise": change.exercise,
        "score": rounded(before.score),
        "max_score": rounded(before.of),
        "gain": rounded(change.gain),
        "why": [cause.value for cause in change.causes],
        "tests": [_tested(test) for test in change.tests],
    }


def _tested(test: TestChange) -> dict[str, Any]:
    """Return what a test was; one that did not exist has no verdict."""
    before = test.before
    return {
        "name": test.name,
        "verdict": before.verdict.value if before else None,
        "score": rounded(before.score) if before else 0.0,
        "mistake": before.mistake if before else None,
    }
