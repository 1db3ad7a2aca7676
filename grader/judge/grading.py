"""Grade one submission: read its files in the guest, run the suites, write down what came out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.asking.discretion import Discretion, HandedIn
from grader.asking.refusals import ask_in_words, refusal
from grader.errors import InfrastructureError, MissingWork, SubmissionError, UnreadableFile
from grader.guest.crossing.wire import Parsed
from grader.judge.attempt import ExerciseGuest, LostAttempt, SandboxAttempt
from grader.judge.loading.requests import parse_of
from grader.judge.naming import named_once
from grader.judge.saved_cells import shown_cells
from grader.results.verdicts import ExerciseResult, SourceCode, fault, totals, worst
from grader.submissions.several import was_not_handed_in
from grader.text.words import discreet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Exercise
    from grader.guest.crossing.wire import Reply, Request
    from grader.judge.plugin import Attempt, SuiteRunner
    from grader.sandbox.sandbox import Sandbox
    from grader.submissions import File, HandIn

__all__ = ["grade_submission"]

MAX_SHOWN = 200_000  # characters of code that the report shows


class _Reader:
    """Reads an exercise's files in the guest, before any of its code has run there."""

    def __init__(self, guest: ExerciseGuest) -> None:
        self._guest = guest

    def ask(self, request: Request) -> Reply:
        return self._guest.ask(request, self._guest.limits.load_s)

    def read(self, file: File) -> Parsed | SubmissionError:
        if not any(each.content.strip() for each in file.files):
            return UnreadableFile(f"{file.name} is empty.")
        try:
            reply = ask_in_words(self, parse_of(file), f"reading {file.name}")
        except SubmissionError as error:
            return UnreadableFile(str(error))
        return reply if isinstance(reply, Parsed) else refusal(reply, f"reading {file.name}")


def grade_submission(
    sandbox: Sandbox, runner: SuiteRunner, work: Mapping[Exercise, HandIn], device: str
) -> list[ExerciseResult]:
    """Grade the exercises of one submission, each in a child of the sandbox of its own.

    One whose suite is missing or broken is a fault of the grader's.
    """
    results = []
    for exercise, hand_in in work.items():
        try:
            for public in (True, False):
                runner.suites.require(exercise, public=public)
        except InfrastructureError as error:
            results.append(fault(exercise.name, str(error)))
            continue
        with ExerciseGuest(sandbox, exercise) as guest:
            results.append(_grade_exercise(guest, runner, exercise, hand_in, device))
    return results


def _grade_exercise(
    guest: ExerciseGuest, runner: SuiteRunner, exercise: Exercise, hand_in: HandIn, device: str
) -> ExerciseResult:
    start = time.monotonic()
    reader = _Reader(guest)
    texts = {file: reader.read(file) for file in hand_in.files}
    file, notes = hand_in.chosen()
    attempt = _attempt(guest, exercise, hand_in, file, texts, device)
    checks = runner.run(exercise, attempt, public=True)
    hidden = runner.run(exercise, attempt, public=False)
    if isinstance(attempt, SandboxAttempt):
        attempt.finish()
    tests = tuple(named_once(checks.results + hidden.results))
    score, max_score = totals(tests)
    load_notes = attempt.notes if isinstance(attempt, SandboxAttempt) else ()
    printed = attempt.printed if isinstance(attempt, SandboxAttempt) else ""
    return ExerciseResult(
        exercise=exercise.name,
        verdict=worst(test.verdict for test in tests),
        score=score,
        max_score=max_score,
        source=file.name if file else None,
        seconds=round(time.monotonic() - start, 3),
        tests=tests,
        notes=(*map(discreet, hand_in.notes), *notes, *load_notes),  # a name may look like data
        code=_shown(file, texts[file], checks.lines | hidden.lines) if file else None,
        printed=printed,
    )


def _attempt(
    guest: ExerciseGuest,
    exercise: Exercise,
    hand_in: HandIn,
    file: File | None,
    texts: Mapping[File, Parsed | SubmissionError],
    device: str,
) -> Attempt:
    if file is None:
        if hand_in.problem:
            return LostAttempt(UnreadableFile(hand_in.problem))
        expected = (" and " if exercise.files else " or ").join(exercise.file_names)
        return LostAttempt(MissingWork(f"No file for it was found; expected {expected}."))
    if lacking := [name for name in hand_in.lacking if name.endswith(".py")]:
        return LostAttempt(MissingWork(was_not_handed_in(lacking)))
    text = texts[file]
    if isinstance(text, SubmissionError):
        return LostAttempt(text)
    code = [cell for cell in text.cells if cell.kind == "code"]
    starts = tuple(cell.first_line for cell in code)
    files = tuple(part.name for part in file.parts if part.is_module)
    discretion = Discretion(exercise, HandedIn(file.name, text.text, starts, files))
    return SandboxAttempt(guest, exercise, file, device, discretion, hand_in.used)


def _shown(file: File, text: Parsed | SubmissionError, lines: frozenset[int]) -> SourceCode | None:
    if isinstance(text, Parsed):
        shown, language, cells = text.text[:MAX_SHOWN], "python", shown_cells(text.cells)
    elif file.parts or file.is_notebook or b"\0" in file.content:
        return None
    else:
        shown = file.content[:MAX_SHOWN].decode("utf-8", "replace")
        language, cells = "text", ()
    return SourceCode(
        text=shown,
        language=language,
        marked_lines=tuple(sorted(lines)),
        cells=cells,
        digest=file.digest,
    )
