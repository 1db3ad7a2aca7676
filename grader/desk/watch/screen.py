"""The watch's screen: composed line by line for the terminal's size, 80x24 as for any other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rich.text import Text

from grader.desk.arc import SIGNS
from grader.desk.files import main_name
from grader.desk.given_out import solutions_of
from grader.desk.records import State
from grader.desk.report import (
    Page,
    add_notes,
    labelled_hints,
    message_text,
    next_text,
    verdict_label,
)
from grader.desk.wording import able_now, exercise_after, next_step, tally
from grader.results.verdicts import Verdict
from grader.text.wording import plural

if TYPE_CHECKING:
    from rich.console import Console

    from grader.courses import Exercise
    from grader.desk.records import Checked
    from grader.desk.watch.session import Session

__all__ = ["Overlay", "View", "compose"]

KEYS = {
    "n": "next",
    "p": "previous",
    "h": "hint",
    "l": "list",
    "r": "reset",
    "s": "solution",
    "q": "quit",
}
PRINTED_LINES = 3
LOW = 20  # rows; an editor's panel has fewer, and there what can be left out is
STEPS, LOW_STEPS = 3, 1  # rows for the exercises in their order
CURRENT = "bold reverse"
SOON_S = 1  # an answer that takes longer is counted in seconds


class Form(Enum):
    """How many checks have a line of their own, from the longest form to the shortest."""

    EACH = "each"
    FAILED = "those that failed"
    FIRST = "the first that failed"


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
    low = size.height < LOW
    top = _header(session, console, size.width, low=low)
    bottom = _footer(session, view, console, size.width, low=low)
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


def _header(session: Session, console: Console, width: int, *, low: bool) -> list[Text]:
    every = session.exercises
    steps = _steps(session, console, width, LOW_STEPS if low else STEPS)
    if low:
        return steps
    done = sum(session.state(each) is State.DONE for each in every)
    count = f"  {done} of {len(every)} done"
    title = Text(session.course.title, "bold")
    title.truncate(width - len(count), overflow="ellipsis", pad=True)
    return [title.append(count, "not bold"), *steps, _rule(width)]


def _steps(session: Session, console: Console, width: int, rows: int) -> list[Text]:
    """Return the exercises in their order; of many, those around the current one."""
    page = Page(console, width)
    page.add(Text("  ").join(_step(session, each) for each in session.exercises))
    lines = page.lines
    here = next((row for row, line in enumerate(lines) if _is_current(line)), 0)
    first = max(min(here - rows // 2, len(lines) - rows), 0)
    return lines[first : first + rows]


def _is_current(line: Text) -> bool:
    return any(span.style == CURRENT for span in line.spans)


def _rule(width: int) -> Text:
    return Text("\N{BOX DRAWINGS LIGHT HORIZONTAL}" * width, "dim")


def _step(session: Session, exercise: Exercise) -> Text:
    sign, style = SIGNS[session.state(exercise)]
    name = session.course.sign(exercise)
    here = exercise == session.current
    return Text.assemble((sign, style), (name, CURRENT if here else ""))


def _footer(session: Session, view: View, console: Console, width: int, *, low: bool) -> list[Text]:
    page = Page(console, width)
    if view.notice:
        page.add(Text(view.notice, "bold"), "  ")
    if session.shown and not view.overlay:
        page.add(_what_next(session, session.shown), next_text())
    between = "  " if width >= 64 else " "
    without = set() if len(session.exercises) > 1 else {"n", "p"}
    if session.current is None or not _has_solution(session, session.current):
        without.add("s")
    offered = {key: word for key, word in KEYS.items() if key not in without}
    keys = [Text.assemble((key, "bold"), " ", (word, "dim")) for key, word in offered.items()]
    return [*page.lines, *([] if low else [_rule(width)]), Text(between).join(keys)]


def _has_solution(session: Session, exercise: Exercise) -> bool:
    return bool(solutions_of(session.course, exercise))


def _what_next(session: Session, checked: Checked) -> str:
    course = session.course
    if checked.passed and exercise_after(course, checked.exercise) in session.exercises:
        solved = _has_solution(session, course.exercise_named(checked.exercise))
        solution = ", or s for the solution" if solved else ""
        return f"press n for the next exercise{solution}"
    return next_step(course, checked, "save")


def _exercise(session: Session, view: View, console: Console, width: int, room: int) -> list[Text]:
    exercise = session.current
    page = Page(console, width)
    if exercise is None:
        page.add("Starting PyTorch and looking at your files (a few seconds) …")
        return page.lines
    page.add(Text.assemble((exercise.name, "bold"), f"  {exercise.title}"))
    checked, waited_s = session.shown, session.waited_s
    if exercise.name not in session.files:
        page.add(f"There is no file {main_name(exercise)}: save it, or press r to get the stub.")
    elif choice := session.choices[exercise.name]:
        page.add(Text(choice, "bold"))
    if waited_s is not None:
        since = f" for {waited_s:.0f} s" if waited_s >= SOON_S else ""
        page.add(f"Running your code{since} …")
    if checked is None:
        return page.lines
    low = console.size.height < LOW
    if waited_s is None and not low:
        page.add(Text(tally(session.course, checked), "dim"))
    if not low:
        page.add()
    body = _body(session, checked, page, room - len(page.lines), view.scroll)
    if waited_s is not None and waited_s >= SOON_S:  # they are about what was there before
        for line in body:
            line.stylize("dim")
    return page.lines + body


def _body(session: Session, checked: Checked, page: Page, room: int, scroll: int) -> list[Text]:
    """Return the checks and what the first failure says, in the longest form that fits."""
    said = _said(session, checked, page)
    hints = _hints(session, checked, page)
    for form in Form:
        rows = _checks(checked, page, form)
        space = room - len(rows) - len(said) - len(hints)
        if space >= 0:
            rows = _checks(checked, page, form, space - 1)
            return [*rows, *said, *[Text()][:space], *hints]
    rows = _checks(checked, page, Form.FIRST)
    left = room - len(rows) - len(hints)
    return [*rows, *_window(said, max(left, 2), scroll), *hints]


def _checks(checked: Checked, page: Page, form: Form, spare: int = 0) -> list[Text]:
    """Return lines for the checks; the first failure has as many as it needs.

    The titles of the others are whole as far as there are lines to spare, and else cut to one.
    """
    rows = page.fresh()
    passed = [each for each in checked.results if each.verdict is Verdict.PASSED]
    if form is not Form.EACH and passed and (form is Form.FAILED or checked.passed):
        rows.add(Text(f"  ✓ {plural(len(passed), 'check')} passed", "green"))
    first = checked.failure
    for result in checked.rows:
        label, title = verdict_label(result.verdict), Text(result.title)
        if first and result.name == first.name:
            title.stylize("bold")
        elif form is Form.FIRST or (form is Form.FAILED and result in passed):
            continue
        elif (more := _lines_more(title, label, page)) <= spare:
            spare -= more
        else:
            title.truncate(page.width - label.cell_len, overflow="ellipsis")
        rows.add(title, label)
    if form is not Form.FIRST:
        rows.add()
    return rows.lines


def _lines_more(title: Text, label: Text, page: Page) -> int:
    """Return how many lines a whole title takes behind the first."""
    whole = page.fresh()
    whole.add(title, label)
    return len(whole.lines) - 1


def _all_passed(count: int) -> str:
    return f"All {count} checks passed." if count > 1 else "The check passed."


def _said(session: Session, checked: Checked, page: Page) -> list[Text]:
    """Return why the first failure failed, and what the student's code printed."""
    said = page.fresh()
    failure = checked.failure
    if failure is None:
        passed = Text(_all_passed(len(checked.results)), "bold green")
        able = Text(f" {able_now(session.course, checked)}", "not bold")
        said.add(passed + able, "  ")
    else:
        said.add(message_text(session.course, failure), "  ")
    add_notes(checked, said)
    printed = checked.printed.strip().splitlines()[-PRINTED_LINES:]
    if printed:
        said.add(Text("\n".join(printed), "dim"), Text("  printed: ", "dim"))
    return said.lines


def _hints(session: Session, checked: Checked, page: Page) -> list[Text]:
    hints = page.fresh()
    for label, hint in labelled_hints(session.course, checked, session.hint_step):
        hints.add(hint, label)
    return hints.lines


def _window(lines: list[Text], room: int, scroll: int) -> list[Text]:
    """Return what fits of some lines; where more are left, the last line says so."""
    if len(lines) <= room:
        return lines
    start = scroll % len(lines)
    shown = lines[start : start + max(room - 1, 1)]
    return [*shown, Text("  … (space: more)", "dim")]
