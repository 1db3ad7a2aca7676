"""The watch's screen: composed line by line for the terminal's size, 80x24 as for any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from grader.desk.arc import SIGNS
from grader.desk.records import State
from grader.desk.report import Page, labelled_hints, message_text, next_text, verdict_label
from grader.desk.wording import next_step, tally
from grader.lab import EXERCISES
from grader.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console

    from grader.desk.records import Checked
    from grader.desk.session import Session
    from grader.lab import Exercise

__all__ = ["Overlay", "View", "compose"]

KEYS = (
    ("n", "next"),
    ("p", "previous"),
    ("h", "hint"),
    ("l", "list"),
    ("r", "reset"),
    ("s", "solution"),
    ("q", "quit"),
)
PRINTED_LINES = 3


@dataclass(frozen=True)
class Overlay:
    """What stands in the place of the current exercise until a key is pressed."""

    title: str
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class View:
    """What is shown beside what the session knows.

    Attributes:
        notice: a sentence about the last key.
        scroll: how many lines of what does not fit are passed over.
    """

    notice: str = ""
    scroll: int = 0
    overlay: Overlay | None = None


def compose(session: Session, view: View, console: Console) -> list[Text]:
    """Return the lines of a screen, as many as the terminal has."""
    size = console.size
    top = _header(session, console, size.width)
    bottom = _footer(session, view, console, size.width)
    room = max(size.height - len(top) - len(bottom), 3)
    if view.overlay:
        middle = [Text(view.overlay.title, "bold"), Text(), *view.overlay.lines]
        middle = _window(middle, room, view.scroll)
    else:
        middle = _exercise(session, view, console, size.width, room)
    blank = [Text()] * (room - len(middle))
    lines = [*top, *middle[:room], *blank, *bottom]
    for line in lines:
        line.truncate(size.width, overflow="ellipsis")
    return lines


def _header(session: Session, console: Console, width: int) -> list[Text]:
    done = sum(session.state(each) is State.DONE for each in EXERCISES)
    count = f"{done} of {len(EXERCISES)} done"
    title = Text.assemble(("Neural network training lab".ljust(width - len(count)), "bold"), count)
    steps = [_step(session, exercise) for exercise in EXERCISES]
    page = Page(console, width)
    page.add(Text("  ").join(steps))
    return [title, *page.lines, _rule(width)]


def _rule(width: int) -> Text:
    return Text("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * width, "dim")


def _step(session: Session, exercise: Exercise) -> Text:
    sign, style = SIGNS[session.state(exercise)]
    name = exercise.name[2:4] if not exercise.cells else "lab"
    here = exercise == session.current
    return Text.assemble((sign, style), (name, "bold reverse" if here else ""))


def _footer(session: Session, view: View, console: Console, width: int) -> list[Text]:
    page = Page(console, width)
    if view.notice:
        page.add(Text(view.notice, "bold"), "  ")
    elif session.shown and not view.overlay:
        page.add(_what_next(session.shown), next_text())
    between = "  " if width >= 64 else " "
    keys = [Text.assemble((key, "bold"), " ", (word, "dim")) for key, word in KEYS]
    return [
        *page.lines,
        Text("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * width, "dim"),
        Text(between).join(keys),
    ]


def _what_next(checked: Checked) -> str:
    if checked.passed:
        return "press n for the next exercise, or s for the solution"
    return next_step(checked, "")


def _exercise(session: Session, view: View, console: Console, width: int, room: int) -> list[Text]:
    exercise = session.current
    page = Page(console, width)
    if exercise is None:
        page.add("Loading torch, and finding where you were …")
        return page.lines
    page.add(Text.assemble((exercise.name, "bold"), f"  {exercise.title}"))
    checked = session.shown
    if exercise.name not in session.files:
        page.add(f"There is no file {exercise.file_names[0]}: save it, or press r to get the stub.")
    elif checked is None:
        page.add("Checking …")
    if checked is None:
        return page.lines
    _checks(checked, page, checking=exercise.name in session.checking)
    rest = _details(session, checked, console, width)
    return page.lines + _window(rest, room - len(page.lines), view.scroll)


def _checks(checked: Checked, page: Page, *, checking: bool) -> None:
    """Put the checks on a page, a line each; only the first failure has as many as it needs."""
    page.add(Text("Checking again …" if checking else tally(checked), "dim"))
    page.add()
    for result in checked.results:
        title = Text(result.title, "bold" if result is checked.failure else "")
        label = verdict_label(result.verdict)
        if result is not checked.failure:
            title.truncate(page.width - label.cell_len, overflow="ellipsis")
        page.add(title, label)
    page.add()


def _details(session: Session, checked: Checked, console: Console, width: int) -> list[Text]:
    """Say why the first failure failed, and what may help."""
    page = Page(console, width)
    failure = checked.failure
    if failure is not None:
        page.add(message_text(failure), "  ")
        for label, hint in labelled_hints(failure, session.hint_step):
            page.add(hint, label)
    else:
        page.add(Text("All checks passed.", "bold green"), "  ")
    printed = checked.printed.strip().splitlines()[-PRINTED_LINES:]
    if printed and (failure is None or failure.verdict is not Verdict.CRASHED):
        page.add(Text("\n".join(printed), "dim"), Text("  printed: ", "dim"))
    return page.lines


def _window(lines: list[Text], room: int, scroll: int) -> list[Text]:
    """Return what fits of some lines; where more are left, the last line says so."""
    if len(lines) <= room:
        return lines
    start = scroll % len(lines)
    shown = lines[start : start + max(room - 1, 1)]
    return [*shown, Text("  … space shows more", "dim")]
