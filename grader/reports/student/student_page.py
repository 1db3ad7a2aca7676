"""What the page of one student says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import escape
from msgspec.structs import replace

from grader.reports.code.room import Room
from grader.reports.editions import edition
from grader.reports.hand_in import Presence, facts, lateness, presence, remarks
from grader.reports.marks import Footer, Score, footer, score_of
from grader.reports.student.decisions_view import RulingView, by_grading, ruling_views
from grader.reports.student.exercise_section import ExerciseSection, exercise_section
from grader.reports.student.next_step import NextStep, next_step
from grader.text.wording import moment, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course
    from grader.results.verdicts import ExerciseResult, StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["GradedFile", "StudentPage", "WithheldPage", "student_page", "withheld_page"]

FAULT_NOTE = (
    "The grader failed on part of this, so that not all points could be judged. "
    "Those count neither for nor against you. Your instructor can see it."
)
ALL_RIGHT = "Everything that was graded is right."
ALL_RIGHT_SO_FAR = "Everything that could be judged is right. The rest is not judged yet."
LONG_NAME = 40  # characters
MAX_SAID_BYTES = 700_000  # of messages and notes; those of a whole lab take a tenth
CUT, NOTES_CUT = 200, 10  # characters of a text and notes of an exercise, where they are too much
CODE_BYTES = 7  # what setting something as code takes for each backtick
FINGERPRINT = 12  # digits of a SHA-256 that are shown: enough to tell two files apart


@dataclass(frozen=True)
class GradedFile:
    """One file that was graded, and how long that took."""

    name: str
    digest: str
    seconds: str


@dataclass(frozen=True)
class StudentPage:
    """A student's whole page.

    Attributes:
        hand_in: what the hand-in is called.
        long: whether the name needs smaller letters.
        facts: what else is known of the student, as label and value.
        late: a sentence where it was handed in late.
        by_grading: the score by grading alone, where people have decided otherwise.
        decisions: those about the whole hand-in.
        lateness: how late it was and what that costs, as sentences.
        settled: a sentence in the place of a next step, where there is none.
    """

    hand_in: str
    student: str
    long: bool
    facts: tuple[tuple[str, str], ...]
    late: str
    edition: str
    score: Score
    by_grading: str
    decisions: tuple[RulingView, ...]
    lateness: tuple[str, ...]
    notes: tuple[str, ...]
    fault_note: str
    next: NextStep | None
    settled: str
    exercises: tuple[ExerciseSection, ...]
    files: tuple[GradedFile, ...]
    footer: Footer


@dataclass(frozen=True)
class WithheldPage:
    """The page of a student whose own must not be shown: the score, and no more."""

    hand_in: str
    student: str
    facts: tuple[tuple[str, str], ...]
    score: Score
    footer: Footer


def student_page(result: StudentResult, run: GradingRun) -> StudentPage:
    """Return what a student's page says; nothing in it comes from another student."""
    result, said = _cut_short(result, run.course)
    room = Room()
    room.reserve(said)
    faulty = any(exercise.has_fault for exercise in result.exercises)
    step = next_step(result, run.course)
    return StudentPage(
        hand_in=run.title,
        student=result.record.shown,
        long=len(result.record.shown) > LONG_NAME,
        facts=(*facts(result.record), *_graded(result)),
        late="" if result.lateness else lateness(result.record),
        edition=edition(result, run),
        score=score_of(result, run.course),
        by_grading=by_grading(result),
        decisions=ruling_views([each for each in result.rulings if not each.exercise], room),
        lateness=result.lateness.lines if result.lateness else (),
        notes=remarks(result, run.course),
        fault_note=FAULT_NOTE if faulty else "",
        next=None if presence(result) is Presence.UNRECOGNISED else step,
        settled=_settled(faulty=faulty) if _is_settled(result, step) else "",
        exercises=tuple(_sections(result, run.course, room)),
        files=tuple(_file(each) for each in result.exercises if each.source is not None),
        footer=footer(run),
    )


def withheld_page(result: StudentResult, run: GradingRun) -> WithheldPage:
    """Return what stands in the place of a page that must not be shown."""
    record = result.record
    return WithheldPage(
        run.title, record.shown, tuple(facts(record)), score_of(result, run.course), footer(run)
    )


def _graded(result: StudentResult) -> Iterator[tuple[str, str]]:
    if result.graded_at:
        yield "graded", moment(result.graded_at)


def _is_settled(result: StudentResult, step: NextStep | None) -> bool:
    """Tell whether nothing is left to be done, and that by grading alone."""
    return step is None and result.max_score > 0 and not result.rulings


def _sections(result: StudentResult, course: Course, room: Room) -> Iterator[ExerciseSection]:
    for each in result.exercises:
        rulings = [ruling for ruling in result.rulings if ruling.exercise == each.exercise]
        yield exercise_section(each, course, room, rulings)


def _settled(*, faulty: bool) -> str:
    return ALL_RIGHT_SO_FAR if faulty else ALL_RIGHT


def _cut_short(result: StudentResult, course: Course) -> tuple[StudentResult, int]:
    """Cut messages and notes where all of them would fill the page; return their bytes, too."""
    said = _said(result, course)
    if said <= MAX_SAID_BYTES:
        return result, said
    exercises = [
        replace(
            each,
            tests=tuple(replace(test, message=test.message.cut(CUT)) for test in each.tests),
            notes=tuple(note[:CUT] for note in each.notes[:NOTES_CUT]),
        )
        for each in result.exercises
    ]
    short = replace(result, exercises=tuple(exercises))
    return short, _said(short, course)


def _said(result: StudentResult, course: Course) -> int:
    """Return how many bytes a page takes for what is said of a submission, in its words too."""
    tests = (test.message.text for each in result.exercises for test in each.tests)
    notes = (note for each in result.exercises for note in each.notes)
    texts = "".join((*remarks(result, course), *tests, *notes))
    return len(escape(texts).encode("utf-8", "backslashreplace")) + CODE_BYTES * texts.count("`")


def _file(exercise: ExerciseResult) -> GradedFile:
    digest = exercise.code.digest[:FINGERPRINT] if exercise.code else ""
    return GradedFile(exercise.source or "", digest, f"{number(exercise.seconds)} s")
