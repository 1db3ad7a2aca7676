"""What the page of one student says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.editions import edition
from grader.reports.highlighting import CodeListing, listing
from grader.reports.marks import Footer, Mark, Score, exercise_title, footer, has_fault, mark, score
from grader.reports.wording import number, plural
from grader.verdicts import ExerciseResult, GradingRun, StudentResult, TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ExerciseSection", "Hint", "StudentPage", "TestLine", "student_page"]

FAULT_MESSAGE = (
    "This is a fault of the grader. It costs you nothing, and your instructor has been told."
)
FAULT_NOTE = (
    "Part of this report is set aside because of a fault of the grader. "
    "It costs you nothing, and your instructor has been told."
)
MAX_PRINTED = 10_000  # characters


@dataclass(frozen=True)
class Hint:
    """One step of a hint; the next one is folded away inside it."""

    label: str
    text: str
    following: Hint | None


@dataclass(frozen=True)
class TestLine:
    """One test: its sentence, what became of it, and what helps."""

    __test__ = False  # not a test class, whatever pytest reads into its name

    title: str
    mark: Mark
    points: str
    message: str
    mistake: str
    hint: Hint | None


@dataclass(frozen=True)
class ExerciseSection:
    """One exercise: its overview line and its section."""

    anchor: str
    title: str
    mark: Mark
    score: Score
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    shared_message: str
    tests: tuple[TestLine, ...]
    checks: tuple[TestLine, ...]
    code: CodeListing | None
    printed: str


@dataclass(frozen=True)
class StudentPage:
    """A student's whole page."""

    student: str
    edition: str
    score: Score
    notes: tuple[str, ...]
    fault_note: str
    exercises: tuple[ExerciseSection, ...]
    footer: Footer


def student_page(result: StudentResult, run: GradingRun) -> StudentPage:
    """Return what a student's page says; nothing in it comes from another student."""
    faulty = any(has_fault(exercise) for exercise in result.exercises)
    return StudentPage(
        student=result.student,
        edition=edition(result, run),
        score=score(result.score, result.max_score),
        notes=result.notes,
        fault_note=FAULT_NOTE if faulty else "",
        exercises=tuple(_section(exercise) for exercise in result.exercises),
        footer=footer(run),
    )


def _section(result: ExerciseResult) -> ExerciseSection:
    shared = _shared_message(result.tests)
    graded = [_test_line(test, shared) for test in result.tests if not test.public]
    public = [_test_line(test, shared) for test in result.tests if test.public]
    return ExerciseSection(
        anchor=result.exercise,
        title=exercise_title(result.exercise),
        mark=mark(result.verdict),
        score=score(result.score, result.max_score),
        facts=_facts(result),
        notes=result.notes,
        shared_message=shared,
        tests=tuple(graded),
        checks=tuple(public),
        code=listing(result.code) if result.code is not None else None,
        printed=_start_of(result.printed),
    )


def _start_of(printed: str) -> str:
    """Return what was printed, or as much of its beginning as somebody reads."""
    if len(printed) <= MAX_PRINTED:
        return printed
    return f"{printed[:MAX_PRINTED]}\n[the report shows the first {MAX_PRINTED:,} characters]"


def _facts(result: ExerciseResult) -> tuple[str, ...]:
    """Say what was graded, how long it took and how much of it passed."""
    graded = [test for test in result.tests if not test.public]
    passed = sum(test.verdict is Verdict.PASSED for test in graded)
    facts = [result.source or "nothing handed in"]
    if result.source is not None:
        facts.append(f"{number(result.seconds)} s")
    if graded:
        facts.append(f"{passed} of {plural(len(graded), 'test')} passed")
    return tuple(facts)


def _shared_message(tests: Sequence[TestResult]) -> str:
    """Return the message that every test has, so that it is read once; or nothing."""
    messages = {"" if test.verdict is Verdict.GRADER_FAULT else test.message for test in tests}
    return messages.pop() if len(messages) == 1 and len(tests) > 1 else ""


def _test_line(test: TestResult, shared_message: str) -> TestLine:
    """Return a test's line; a grader fault says so in place of its message, which is not theirs."""
    fault = test.verdict is Verdict.GRADER_FAULT
    message = FAULT_MESSAGE if fault else test.message
    return TestLine(
        title=test.title or test.name,
        mark=mark(test.verdict),
        points=_points(test),
        message="" if message == shared_message else message,
        mistake="" if fault else test.mistake or "",
        hint=None if fault else _hint(test.hint or ""),
    )


def _points(test: TestResult) -> str:
    if test.verdict is Verdict.GRADER_FAULT:
        return "not counted"
    return f"{number(test.score)} of {number(test.max_score)}" if test.max_score else ""


def _hint(text: str) -> Hint | None:
    """Fold the lines of a hint into each other, the first outermost."""
    steps = [line.strip() for line in text.splitlines() if line.strip()]
    folded: Hint | None = None
    for step in range(len(steps), 0, -1):
        folded = Hint(_hint_label(step, len(steps)), steps[step - 1], folded)
    return folded


def _hint_label(step: int, steps: int) -> str:
    if steps == 1:
        return "Hint"
    return f"Hint, step 1 of {steps}" if step == 1 else f"Next step, {step} of {steps}"
