"""Gradescope: `/autograder/results/results.json`.

`docs/specs.md` of gradescope/autograder_samples: JSON, so no NaN and no Infinity; `score`, or a
score in each test; names and kinds of all keys. An invalid file is "autograder failed".
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from lms.taking_back.refusing import Refused

__all__ = ["read_results"]

NUMBER, TEXT = (int, float), (str,)
VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
TOP: dict[str, tuple[type, ...]] = {
    "score": NUMBER, "execution_time": NUMBER, "output": TEXT, "output_format": TEXT,
    "test_output_format": TEXT, "test_name_format": TEXT, "visibility": TEXT,
    "stdout_visibility": TEXT, "extra_data": (dict,), "tests": (list,), "leaderboard": (list,),
}  # fmt: skip
TEST: dict[str, tuple[type, ...]] = {
    "score": NUMBER, "max_score": NUMBER, "status": TEXT, "name": TEXT, "name_format": TEXT,
    "number": TEXT, "output": TEXT, "output_format": TEXT, "tags": (list,), "visibility": TEXT,
    "extra_data": (dict,),
}  # fmt: skip
BOARD: dict[str, tuple[type, ...]] = {"name": TEXT, "value": (int, float, str), "order": TEXT}
WORDS = {
    "visibility": VISIBILITY, "stdout_visibility": VISIBILITY, "output_format": FORMATS,
    "test_output_format": FORMATS, "test_name_format": FORMATS, "name_format": FORMATS,
    "status": {"passed", "failed"}, "order": {"asc", "desc"},
}  # fmt: skip


def read_results(content: bytes) -> tuple[float, float]:
    """Read results; return the score, and the most there is to get from the tests.

    Raises:
        Refused: "The autograder failed to execute correctly".
    """
    try:
        results = json.loads(content.decode(), parse_constant=_refuse)
    except ValueError as error:
        raise Refused("invalid JSON") from error
    _check(results, TOP)
    tests = results.get("tests", [])
    for test in tests:
        _check(test, TEST)
    for entry in results.get("leaderboard", []):
        _check(entry, BOARD)
    if "score" not in results and not any("score" in test for test in tests):
        raise Refused("neither a score nor tests with one")
    score = results.get("score", sum(test.get("score", 0) for test in tests))
    return float(score), float(sum(test.get("max_score", 0) for test in tests))


def _check(record: Any, kinds: dict[str, tuple[type, ...]]) -> None:
    if not isinstance(record, dict):
        raise Refused(f"no object: {record!r}")
    for key, value in record.items():
        if key not in kinds:
            raise Refused(f"unknown: {key}")
        if isinstance(value, bool) or not isinstance(value, kinds[key]):
            raise Refused(f"{key} is {value!r}")
        if key in WORDS and value not in WORDS[key]:
            raise Refused(f"{key} is {value!r}")


def _refuse(constant: str) -> NoReturn:
    raise Refused(f"{constant} is no JSON")
