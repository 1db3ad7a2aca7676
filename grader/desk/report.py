"""What a check says, as lines: one a check, the first failure in full, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from grader.courses.mistakes import known_mistakes
from grader.desk.wording import (
    able_now,
    hints_shown,
    more_hints,
    next_step,
    no_hint,
    tally,
    which_counts,
)
from grader.results.message import CAME, EXPECTED
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from grader.courses import Course
    from grader.desk.records import Checked
    from grader.results.verdicts import TestResult

__all__ = [
    "STYLES",
    "Page",
    "add_notes",
    "labelled_hints",
    "message_text",
    "next_text",
    "report",
    "verdict_label",
]

UNBROKEN = 10_000  # columns of a file or a pipe: its reader breaks lines, or looks for words
STYLES = {
    Verdict.PASSED: "green",
    Verdict.WRONG: "red",
    Verdict.CRASHED: "red",
    Verdict.TIMED_OUT: "red",
    Verdict.UNREADABLE: "red",
    Verdict.MISSING: "red",
    Verdict.NOT_STARTED: "dim",
    Verdict.GRADER_FAULT: "magenta",
}
MAX_NOTES = 5  # that are shown
LABEL_WIDTH = 2 + max(len(verdict.words) for verdict in STYLES) + 2


class Page:
    """Lines of text that fit into a width."""

    def __init__(self, console: Console, width: int | None = None) -> None:
        self.lines: list[Text] = []
        self.width = width or (console.width if console.is_terminal else UNBROKEN)
        self._console = console

    def fresh(self) -> Page:
        """Return an empty page of the same width."""
        return Page(self._console, self.width)

    def add(self, text: Text | str = "", label: Text | str = "") -> None:
        """Add a text, broken into lines; what goes on stands beside the end of its label."""
        begin = label if isinstance(label, Text) else Text(label)
        body = text if isinstance(text, Text) else Text(text)
        for line in body.wrap(self._console, max(self.width - begin.cell_len, 10)) or [Text()]:
            line.rstrip()
            self.lines.append(begin + line)
            begin = Text(" " * begin.cell_len)


def report(
    course: Course, checked: Checked, step: int, then: str, page: Page, command: str = ""
) -> None:
    """Put the report of one file on a page.

    Args:
        course: what it was checked for.
        checked: what its checks gave.
        step: up to which step the hint is shown, from 1.
        then: what has the same file checked again, such as `save`.
        page: where it goes.
        command: what checks the same file again in a terminal; empty in a notebook.
    """
    exercise = course.exercise_named(checked.exercise)
    page.add(Text.assemble((exercise.name, "bold"), "  ", exercise.title))
    if said := which_counts(course, exercise, Path(checked.file)):
        page.add(Text(said, "bold"), "  ")
    for result in checked.rows:
        page.add(result.title, Text("  ") + verdict_label(result.verdict))
    failure = checked.failure
    if failure is not None:
        page.add()
        page.add(message_text(course, failure), "  ")
        for label, hint in labelled_hints(course, checked, step):
            page.add(hint, label)
        if command and (more := more_hints(course, checked, step, command)):
            page.add(Text(more, "dim"), "  ")
    if checked.notes:
        page.add()
        add_notes(checked, page)
    page.add()
    page.add(tally(course, checked), "  ")
    if able := able_now(course, checked):
        page.add(Text(able, "green"), "  ")
    page.add(next_step(course, checked, then), next_text())


def add_notes(checked: Checked, page: Page) -> None:
    """Add what is to be said of how the file was loaded."""
    for note in checked.notes[:MAX_NOTES]:
        page.add(note, _label("  Note: ", "bold"))
    if more := len(checked.notes[MAX_NOTES:]):
        page.add(f"{more} more notes like these.", "  ")


def verdict_label(verdict: Verdict) -> Text:
    """Return a verdict's sign and word, all of one width."""
    words = f"{verdict.sign} {verdict.words}"
    return Text.assemble((words + " " * (LABEL_WIDTH - cell_len(words)), STYLES[verdict]))


def message_text(course: Course, failure: TestResult) -> Text:
    """Return what a failed check says: the diagnosis, the two values, and what was called."""
    message = failure.message
    known = known_mistakes(course).get(failure.mistake or "")
    told = message.told.split("\n")
    if known:
        told = [known.sentence, *(line for line in told if line != known.sentence)]
    text = Text.assemble((told[0], "bold"))
    for label, value, style in (
        (CAME, message.came, "red"),
        (EXPECTED, message.expected, "green"),
    ):
        if value:
            text.append_text(Text.assemble("\n", (label, style), f" {value.text}"))
    return Text("\n").join([text, *map(Text, told[1:])])


def labelled_hints(course: Course, checked: Checked, step: int) -> list[tuple[Text, str]]:
    """Return the steps of the hint that are shown, or what to do where there is none."""
    shown = hints_shown(course, checked, step)
    if not shown and checked.failure is not None:
        shown = list(filter(None, [no_hint(checked.failure)]))
    several = len(shown) > 1
    return [
        (_label(f"  Hint {number}: " if several else "  Hint: ", "bold yellow"), hint)
        for number, hint in enumerate(shown, start=1)
    ]


def next_text() -> Text:
    """Return the label of what is to be done next."""
    return _label("  Next: ", "bold cyan")


def _label(text: str, style: str) -> Text:
    return Text.assemble((text, style))  # the style of what is joined to it stays its own
