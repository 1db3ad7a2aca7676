"""What other platforms read, by their own descriptions of it and not by our code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_gradescope", "read_prairielearn"]

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
NUMBER = (int, float)
OF_GRADESCOPE = {
    "score": NUMBER,
    "execution_time": NUMBER,
    "output": str,
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBILITIES,
    "stdout_visibility": VISIBILITIES,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
TEST_OF_GRADESCOPE = {
    "score": NUMBER,
    "max_score": NUMBER,
    "status": {"passed", "failed"},
    "name": str,
    "name_format": FORMATS,
    "number": str,
    "output": str,
    "output_format": FORMATS,
    "tags": list,
    "visibility": VISIBILITIES,
    "extra_data": dict,
}
OF_PRAIRIELEARN = {
    "score": NUMBER,
    "gradable": bool,
    "format_errors": list,  # why it is not gradable, as PrairieLearn's documentation has it
    "message": str,
    "output": str,
    "images": list,
    "tests": list,
}
TEST_OF_PRAIRIELEARN = {
    "name": str,
    "description": str,
    "points": NUMBER,
    "max_points": NUMBER,
    "message": str,
    "output": str,
    "images": list,
}
MOST_OF_PRAIRIELEARN = 2**20  # bytes


def read_gradescope(file: Path) -> dict[str, Any]:
    """Read a `results.json` as the autograder's harness does."""
    found = _json(file)
    _require(found, OF_GRADESCOPE)
    for test in found.get("tests", []):
        _require(test, TEST_OF_GRADESCOPE)
        assert ("score" in test) == ("max_score" in test)
        assert "\r" not in test["output"] + test["name"]
    scored = all("score" in test for test in found.get("tests", [])) and found.get("tests")
    assert "score" in found or scored, "neither a score nor a score for each test"
    return found


def read_prairielearn(file: Path) -> dict[str, Any]:
    """Read the results of an external grader."""
    assert file.stat().st_size <= MOST_OF_PRAIRIELEARN
    found = _json(file)
    _require(found, OF_PRAIRIELEARN)
    if found.get("gradable", True):
        assert 0 <= found["score"] <= 1
    for test in found.get("tests", []):
        _require(test, TEST_OF_PRAIRIELEARN)
    return found


def _json(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_bytes(), parse_constant=_no_number)
    assert isinstance(found, dict)
    return found


def _no_number(word: str) -> NoReturn:
    raise AssertionError(f"{word} is not JSON")


def _require(entry: dict[str, Any], kinds: dict[str, Any]) -> None:
    for key, value in entry.items():
        assert key in kinds, f"{key} is unknown"
        kind = kinds[key]
        if isinstance(kind, set):
            assert value in kind, f"{key} can't be {value!r}"
        else:
            assert isinstance(value, kind), f"{key} can't be {value!r}"
            assert kind is bool or not isinstance(value, bool), key
