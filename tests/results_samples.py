"""Results as `results.json` holds them, made by hand, and their export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from grader.cli import app
from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

__all__ = ["complaint", "entry", "exercise", "export", "outcome", "write_results"]

NAMES = ("name", "email", "section", "late", "submitted_at", "page", "unclaimed")  # not in schema 1


def outcome(verdict: str = "passed", **changed: Any) -> dict[str, Any]:
    """Return a test of two points."""
    return {
        "name": "test_loss_is_the_mean",
        "title": "The loss is the mean.",
        "public": False,
        "verdict": verdict,
        "score": 2.0 if verdict == "passed" else 0.0,
        "max_score": 2.0,
        "message": "" if verdict == "passed" else "Your loss is not right.",
        "mistake": None,
        "hint": None,
        **changed,
    }


def exercise(*tests: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return an exercise, its tests numbered; without tests it has one that passed."""
    shown = [
        {**test, "name": f"{test['name']}_{number}"}
        for number, test in enumerate(tests or [outcome()], start=1)
    ]
    verdict = shown[0]["verdict"]
    return {
        "exercise": "ex01_losses",
        "verdict": verdict,
        "score": sum(test["score"] for test in shown),
        "max_score": sum(test["max_score"] for test in shown),
        "source": None if verdict == "missing" else "ex01_losses.py",
        "seconds": 0.5,
        "tests": shown,
        **changed,
    }


def entry(student: str, *exercises: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return a student; without exercises it has one that passed."""
    done = list(exercises or [exercise()])
    return {
        "student": student,
        "name": "",
        "email": "",
        "section": "",
        "late": None,
        "submitted_at": "",
        "page": f"students/{student}.html",
        "unclaimed": [],
        "score": sum(each["score"] for each in done),
        "max_score": sum(each["max_score"] for each in done),
        "notes": [],
        "exercises": done,
        **changed,
    }


def write_results(
    folder: Path, *students: dict[str, Any], schema: int = 2, title: str = "Week 3"
) -> Path:
    """Write a `results.json` of students; one of schema 1 leaves out what that did not have."""
    content: dict[str, Any] = {"schema": schema, "device": "cpu"}
    if schema == 1:
        students = tuple(
            {key: value for key, value in each.items() if key not in NAMES} for each in students
        )
    else:
        content |= {"title": title, "graded_at": "2026-05-04T10:00:00+00:00"}
    path = folder / "results.json"
    path.write_text(json.dumps(content | {"students": students}), encoding="utf-8")
    return path


def export(*arguments: str | Path) -> Result:
    """Run `grader export`."""
    return CliRunner().invoke(app, ["export", *map(str, arguments)])


def complaint(*arguments: str | Path) -> str:
    """Return the one line that an export ends with, and nothing else."""
    result = export(*arguments)
    assert isinstance(result.exception, UsageError)
    assert "\n" not in str(result.exception)
    assert not result.stdout
    return str(result.exception)
