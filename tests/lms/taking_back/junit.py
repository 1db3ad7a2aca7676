"""JUnit XML, as testmoapp/junitxml describes what its readers agree on.

`testsuites` or `testsuite` at the top; in a suite `testcase`, each with a name and a classname and
at most one of `skipped`, `failure`, `error`; the counts are those of what is there.
"""

from __future__ import annotations

from enum import Enum
from xml.etree import ElementTree as ET

from lms.taking_back.refusing import Refused, number

__all__ = ["Outcome", "read_suites"]


class Outcome(Enum):
    """What became of a test."""

    PASSED = "passed"
    FAILED = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


COUNTED = {
    "failures": Outcome.FAILED, "errors": Outcome.ERROR, "skipped": Outcome.SKIPPED,
}  # fmt: skip


def read_suites(content: bytes) -> dict[str, dict[tuple[str, str], Outcome]]:
    """Return outcomes by suite, and by class and name.

    Raises:
        Refused: it is not well-formed, or its counts are not those of its tests.
    """
    try:
        root = ET.fromstring(content)  # noqa: S314 - our own exporter's file
    except ET.ParseError as error:
        raise Refused(f"not well-formed: {error}") from error
    suites = root.findall("testsuite") if root.tag == "testsuites" else [root]
    if any(suite.tag != "testsuite" for suite in suites):
        raise Refused(f"{root.tag} at its top")
    read = {}
    for suite in suites:
        outcomes = _cases(suite)
        _check_counts(suite, list(outcomes.values()))
        read[suite.get("name", "")] = outcomes
    if root.tag == "testsuites":
        _check_counts(root, [each for outcomes in read.values() for each in outcomes.values()])
    return read


def _cases(suite: ET.Element) -> dict[tuple[str, str], Outcome]:
    outcomes: dict[tuple[str, str], Outcome] = {}
    for case in suite.findall("testcase"):
        key = case.get("classname", ""), case.get("name", "")
        told = [outcome for outcome in Outcome if case.find(outcome.value) is not None]
        if not all(key) or key in outcomes or len(told) > 1:
            raise Refused(f"a test without a name of its own, or with two outcomes: {key}")
        number(case.get("time", "0"))
        outcomes[key] = told[0] if told else Outcome.PASSED
    return outcomes


def _check_counts(element: ET.Element, outcomes: list[Outcome]) -> None:
    counts = {name: outcomes.count(outcome) for name, outcome in COUNTED.items()}
    for name, count in {"tests": len(outcomes), **counts}.items():
        if int(element.get(name, count)) != count:
            raise Refused(f"{name} is {element.get(name)}, and there are {count}")
