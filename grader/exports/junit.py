"""JUnit's XML, which CI servers and editors show: a suite per student, a case per test.

It has no official schema. This is the part that readers agree on, as github.com/testmoapp/junitxml
has collected it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.sax.saxutils import quoteattr

from grader.exports.formats import Format, Outcome
from grader.exports.texts import YES_NO, line, plain
from grader.results.verdicts import Verdict
from grader.text.wording import number

if TYPE_CHECKING:
    from typing import BinaryIO

    from grader.exports.formats import Request
    from grader.exports.results import ExerciseEntry, Student, TestEntry

__all__ = ["FORMAT"]

FAILURE, ERROR, SKIPPED = "failure", "error", "skipped"
NEXT_STEP = "CI servers and editors show it. It names the hidden tests: keep it from students."


def _render(request: Request, file: BinaryIO) -> Outcome:
    """Write everybody: verdicts are no marks, and say what is missing."""
    students = request.results.students
    outcome = Outcome(NEXT_STEP, written=len(students))
    totals = sum((_counts(student) for student in students), Counter[str]())
    attributes = {"name": line(request.results.title) or "lab", **_in_words(totals)}
    if request.results.graded_at:
        attributes["timestamp"] = line(request.results.graded_at)
    head = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {head}>\n'.encode())
    for student in students:
        suite = _suite(student)
        indent(suite)
        file.write(f"{tostring(suite, encoding='unicode')}\n".encode())
    file.write(b"</testsuites>\n")
    return outcome


def _suite(student: Student) -> Element:
    attributes = {"name": student.shown, **_in_words(_counts(student))}
    attributes["time"] = f"{sum(each.seconds for each in student.exercises):.3f}"
    if student.submitted_at:
        attributes["timestamp"] = line(student.submitted_at)
    suite = Element("testsuite", attributes)
    facts = {"student": student.student, "section": student.section, "late": YES_NO[student.late]}
    _properties(suite, facts | _points(student))
    for exercise in student.exercises:
        for test in exercise.tests:
            _add_case(suite, exercise, test)
    return suite


def _add_case(suite: Element, exercise: ExerciseEntry, test: TestEntry) -> None:
    part = "checks" if test.public else "hidden"
    case = SubElement(suite, "testcase", name=line(test.name))
    case.set("classname", f"{part}.{line(exercise.exercise)}")
    facts = {"title": test.title, "mistake": test.mistake or ""}
    _properties(case, facts | _points(test))
    if kind := _kind(exercise, test):
        message = test.message or test.verdict.words
        outcome = SubElement(case, kind, message=line(message.partition("\n")[0]))
        if kind != SKIPPED:
            outcome.set("type", test.verdict.value)
            outcome.text = plain(message)


def _kind(exercise: ExerciseEntry, test: TestEntry) -> str:
    """Return JUnit's word for what became of a test; empty where it passed."""
    if test.verdict is Verdict.PASSED:
        return ""
    if test.verdict is Verdict.GRADER_FAULT:
        return ERROR
    is_handed_in = exercise.source is not None or test.verdict is not Verdict.MISSING
    return FAILURE if is_handed_in else SKIPPED


def _counts(student: Student) -> Counter[str]:
    """Count a student's tests, and those that did not pass by JUnit's word for it."""
    pairs = [(exercise, test) for exercise in student.exercises for test in exercise.tests]
    kinds = Counter(_kind(exercise, test) for exercise, test in pairs)
    return kinds + Counter(tests=len(pairs))


def _in_words(counts: Counter[str]) -> dict[str, str]:
    words = {"tests": "tests", "failures": FAILURE, "errors": ERROR, "skipped": SKIPPED}
    return {name: str(counts[kind]) for name, kind in words.items()}


def _points(of: Student | TestEntry) -> dict[str, str]:
    return {"score": number(of.score), "max_score": number(of.max_score)}


def _properties(parent: Element, facts: dict[str, str]) -> None:
    """Add what is known; readers that know no properties pass over them."""
    properties = SubElement(parent, "properties")
    for name, value in facts.items():
        if value:
            SubElement(properties, "property", name=name, value=line(value))


FORMAT = Format("junit", "test results as CI servers show them", "junit.xml", _render)
