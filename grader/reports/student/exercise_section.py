"""What a student's page says about one exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.courses.mistakes import hint_of, known_mistakes, start_of, with_sentence
from grader.pictures import figure_of
from grader.reports.code.highlighting import CodeListing, listing
from grader.reports.code.notebook_view import CellView, notebook_view
from grader.reports.code.room import TOO_MUCH
from grader.reports.marks import Mark, Score, mark, mark_of, score, unjudged
from grader.reports.student.decisions_view import RulingView, counting, ruling_views
from grader.reports.student.hints import Hint, hint
from grader.reports.student.messages import MessageView, message_view
from grader.results.message import Message
from grader.results.saved_notebook import CellKind
from grader.results.verdicts import ExerciseResult, ManualPart, TestResult, Verdict
from grader.text.wording import number, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from grader.courses import Course
    from grader.pictures.shapes import Figure
    from grader.reports.code.room import Room
    from grader.results.decided import Ruling

__all__ = ["ExerciseSection", "TestGroup", "TestLine", "exercise_section"]

FAULT_MESSAGE = Message(
    "The grader failed here. This counts neither for nor against you. Your instructor can see it."
)
NOT_STARTED = Message("Nothing is written in this file yet.")
NOTHING = Message()
MAX_PRINTED = 10_000  # characters


@dataclass(frozen=True)
class TestLine:
    """One test: its sentence, what became of it, and what helps.

    Attributes:
        anchor: names it on the page.
    """

    __test__ = False  # not a test class, whatever pytest reads into its name

    anchor: str
    title: str
    mark: Mark
    points: str
    message: MessageView
    slug: str
    hint: Hint | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class TestGroup:
    """Tests that are shown, and tests that are folded away under a sentence."""

    __test__ = False  # the same

    open: tuple[TestLine, ...]
    folded: tuple[TestLine, ...]
    summary: str


@dataclass(frozen=True)
class ManualLine:
    """A part that a person grades: what was given for it, and what was said to it."""

    name: str
    points: str
    comment: str


@dataclass(frozen=True)
class ExerciseSection:
    """One exercise: its overview line and its section.

    Attributes:
        folded: whether all of it is right, so that nobody needs to read it.
        shared: the message that every test has, so that it is read once.
        manual: what a person grades.
        decisions: what somebody decided of it and its tests.
        counts: how it counts where that is not as usual.
    """

    anchor: str
    title: str
    mark: Mark
    score: Score
    folded: bool
    facts: tuple[str, ...]
    notes: tuple[str, ...]
    shared: MessageView
    tests: TestGroup
    checks: TestGroup
    manual: tuple[ManualLine, ...]
    decisions: tuple[RulingView, ...]
    counts: str
    code: CodeListing | None
    cells: tuple[CellView, ...]
    are_files: bool
    printed: Markup | str


def exercise_section(
    result: ExerciseResult, course: Course, room: Room, rulings: Sequence[Ruling] = ()
) -> ExerciseSection:
    """Return what the page says about an exercise, within the room that it has left.

    Args:
        result: what grading and people gave.
        course: the course that it is of.
        room: what is left of the page's.
        rulings: what was decided of it.
    """
    shared = _shared_message(result.tests, course)
    graded = [test for test in result.tests if not test.public]
    public = [test for test in result.tests if test.public]
    anchors = _anchors(result)
    notebook = result.code is not None and bool(result.code.cells)
    return ExerciseSection(
        anchor=result.exercise,
        title=course.title_of(result.exercise),
        mark=mark_of(result),
        score=score(result.score, result.max_score, unjudged(result, course)),
        folded=_needs_no_reader(result) and not rulings,
        facts=_facts(result),
        notes=result.notes,
        shared=message_view(shared, "", _places(result)),
        tests=_all_alike(result, course) if shared.text else _group(graded, result, course, "test"),
        checks=_group([] if shared.text else public, result, course, "check"),
        manual=tuple(map(_manual_line, result.manual)),
        decisions=ruling_views(rulings, room),
        counts=counting(result),
        code=listing(result.code, anchors, room) if result.code and not notebook else None,
        cells=notebook_view(result.code, anchors, room) if result.code and notebook else (),
        are_files=result.code is not None and any(cell.file for cell in result.code.cells),
        printed=_printed(result.printed, room),
    )


def _needs_no_reader(result: ExerciseResult) -> bool:
    return result.verdict is Verdict.PASSED and not result.notes and not result.manual


def _shared_message(tests: Sequence[TestResult], course: Course) -> Message:
    """Return the message that every test has, or what it comes to; or nothing."""
    if len(tests) > 1 and all(test.verdict is Verdict.NOT_STARTED for test in tests):
        return NOT_STARTED
    messages = {
        with_sentence(test.message, test.mistake, course)
        if test.verdict is not Verdict.GRADER_FAULT
        else NOTHING
        for test in tests
    }
    return messages.pop() if len(messages) == 1 and len(tests) > 1 else NOTHING


def _facts(result: ExerciseResult) -> tuple[str, ...]:
    """Say what was graded, how long it took and how much of it passed."""
    graded = [test for test in result.tests if not test.public]
    passed = sum(test.verdict is Verdict.PASSED for test in graded)
    facts = [result.source or "no file found"]
    if result.source is not None:
        facts.append(f"{number(result.seconds)} s")
    if graded:
        facts.append(f"{passed} of {plural(len(graded), 'test')} passed")
    return tuple(facts)


def _group(
    tests: Sequence[TestResult], result: ExerciseResult, course: Course, noun: str
) -> TestGroup:
    """Fold what passed."""
    lines = _test_lines(tests, result, course)
    passed = [test.verdict is Verdict.PASSED for test in tests]
    folded = _where(lines, passed)
    shown = _where(lines, [not each for each in passed])
    return TestGroup(shown, folded, f"{plural(len(folded), noun)} passed")


def _all_alike(result: ExerciseResult, course: Course) -> TestGroup:
    """Fold all tests and checks, since the message that they share says what became of them."""
    silent = [replace(test, message=NOTHING) for test in result.tests]
    lines = _test_lines(silent, result, course)
    public = sum(test.public for test in result.tests)
    counts = [(len(lines) - public, "test"), (public, "check")]
    words = " and ".join(plural(count, noun) for count, noun in counts if count)
    return TestGroup((), tuple(lines), f"{words} that this concerns")


def _where(lines: Iterable[TestLine], chosen: Iterable[bool]) -> tuple[TestLine, ...]:
    return tuple(line for line, wanted in zip(lines, chosen, strict=True) if wanted)


def _test_lines(
    tests: Sequence[TestResult], result: ExerciseResult, course: Course
) -> list[TestLine]:
    """Return the tests' lines; what helps to begin stands with the first of its tests."""
    lines, begun = [], set[str]()
    for test in tests:
        start = "" if test.raised in begun else start_of(test, result.exercise, course) or ""
        begun.add(test.raised)
        lines.append(_test_line(test, result, course, start))
    return lines


def _test_line(test: TestResult, result: ExerciseResult, course: Course, start: str) -> TestLine:
    """Return a test's line; a grader fault says so in place of its message, which is not theirs."""
    fault = test.verdict is Verdict.GRADER_FAULT
    known = None if fault or not test.mistake else known_mistakes(course).get(test.mistake)
    return TestLine(
        anchor=f"{result.exercise}-{test.name}",
        title=test.title or test.name,
        mark=mark(test.verdict),
        points=_points(test),
        message=message_view(
            FAULT_MESSAGE if fault else test.message,
            known.sentence if known else "",
            _places(result),
        ),
        slug="" if fault else test.mistake or "",
        hint=None if fault else hint(hint_of(test, course) or start),
        figures=tuple(map(figure_of, test.pictures)),
    )


def _manual_line(part: ManualPart) -> ManualLine:
    of = f"{number(part.max_score)} points"
    points = f"not graded yet, {of}" if part.score is None else f"{number(part.score)} of {of}"
    return ManualLine(part.name, points, printable(part.comment))


def _points(test: TestResult) -> str:
    if test.verdict is Verdict.GRADER_FAULT:
        return "not counted"
    return f"{number(test.score)} of {number(test.max_score)}" if test.max_score else ""


def _anchors(result: ExerciseResult) -> dict[int, str]:
    """Name the lines of the code that errors have named."""
    marked = result.code.marked_lines if result.code else ()
    return {line: f"{result.exercise}-line-{line}" for line in marked}


def _places(result: ExerciseResult) -> dict[str, str]:
    """Return the marked lines as messages name them, and their addresses on the page."""
    anchors = _anchors(result).items()
    cells = result.code.cells if result.code else ()
    code = [cell for cell in cells if cell.kind is CellKind.CODE]
    if not code:
        return {f"{result.source}:{line}": f"#{anchor}" for line, anchor in anchors}
    places: dict[str, str] = {}
    for line, anchor in anchors:
        number = sum(cell.first_line < line for cell in code)
        cell = code[number - 1]
        within = line - cell.first_line
        where = f"{cell.file}:" if cell.file else f"{result.source}, cell {number}, line "
        places[f"{where}{within}"] = f"#{anchor}"
    return places


def _printed(printed: str, room: Room) -> Markup | str:
    """Return what was printed, or as much of its beginning as somebody reads."""
    if len(printed) > MAX_PRINTED:
        more = f"[the report shows the first {MAX_PRINTED:,} characters]"
        printed = f"{printed[:MAX_PRINTED]}\n{more}"
    shown = room.plain(printable(printed))
    return TOO_MUCH if shown is None else shown
