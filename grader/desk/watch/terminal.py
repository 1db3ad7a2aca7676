"""The two faces of a watch: a screen with keys, and plain lines where there is no terminal."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Protocol

from rich.console import Group
from rich.text import Text

from grader.desk.arc import arc_lines
from grader.desk.files import place_of
from grader.desk.given_out import solutions_of
from grader.desk.report import Page, report
from grader.desk.resetting import reset_exercise
from grader.desk.watch.screen import Overlay, View, compose
from grader.desk.wording import check_command
from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console, ScreenContext

    from grader.courses import Exercise
    from grader.desk.records import Checked
    from grader.desk.watch.session import Session

__all__ = ["Face", "PlainFace", "ScreenFace"]

KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|.", re.DOTALL)
NO_MORE = "That was the last hint."
NO_SOLUTIONS = "Your instructor has the solutions."


class Face(Protocol):
    """What shows a session."""

    def draw(self) -> None:
        """Show how things stand."""

    def took(self, checked: Checked) -> None:
        """Hear of a result."""

    def saved(self, exercise: Exercise) -> None:
        """Hear of a save with something new in it."""

    def pressed(self, keys: str) -> bool:
        """Do what keys ask for; return whether to go on."""


class PlainFace:
    """Prints the report of what is looked at, each time that there is a new one."""

    def __init__(self, console: Console, session: Session) -> None:
        self._console = console
        self._session = session
        self._printed: Checked | None = None

    def draw(self) -> None:
        """Print the current report if it is new."""
        checked = self._session.shown
        if checked is None or checked is self._printed or self._session.checking:
            return
        self._printed = checked
        page, course = Page(self._console), self._session.course
        command = check_command(course, checked.exercise)
        again = f"run `{command}` again"
        report(course, checked, self._session.hint_step, again, page, command)
        for line in (*page.lines, ""):
            self._console.print(line, soft_wrap=True)
        self._console.file.flush()

    def took(self, checked: Checked) -> None:
        """Do nothing yet: `draw` comes next."""

    def saved(self, exercise: Exercise) -> None:
        """Say which files are gone."""
        if exercise.name not in self._session.files:
            self._console.print(f"{exercise.name}: the file was deleted", soft_wrap=True)

    def pressed(self, keys: str) -> bool:
        """Stay: there are no keys here."""
        del keys
        return True


class ScreenFace:
    """Fills the terminal, and obeys keys."""

    def __init__(self, console: Console, session: Session, screen: ScreenContext) -> None:
        self._console = console
        self._session = session
        self._screen = screen
        self._view = View()
        self._drawn: list[Text] = []
        self._reset_asked = False
        self._own_save = False

    def draw(self) -> None:
        """Show the screen if anything on it has changed, its size included."""
        lines = compose(self._session, self._view, self._console)
        if lines != self._drawn:
            self._drawn = lines
            self._screen.update(Group(*lines))

    def took(self, checked: Checked) -> None:
        """Show a result of the current exercise from its beginning."""
        current = self._session.current
        if current and checked.exercise == current.name:
            self._view = View(notice=self._view.notice, overlay=self._view.overlay)

    def saved(self, exercise: Exercise) -> None:
        """Come back from whatever was shown."""
        del exercise
        notice = self._view.notice if self._own_save else ""
        self._view, self._reset_asked, self._own_save = View(notice=notice), False, False

    def pressed(self, keys: str) -> bool:
        """Obey each key; a key of several characters is one."""
        return all(self._obey(key) for key in KEY.findall(keys)) and bool(keys)

    def _obey(self, key: str) -> bool:
        asked, self._reset_asked = self._reset_asked, False
        closes, before = self._view.overlay is not None, self._view
        self._view = View()
        match key:
            case "q" | "Q":
                return False
            case "n" | "\x1b[C":
                self._session.go(1)
            case "p" | "\x1b[D":
                self._session.go(-1)
            case "h":
                more = self._session.more_hint()
                self._view = View(notice="" if more else NO_MORE)
            case " ":
                self._view = View(overlay=before.overlay, scroll=before.scroll + self._page())
            case "l" if not closes:
                self._view = View(overlay=self._arc())
            case "s":
                self._show_solution()
            case "r":
                self._reset(sure=asked)
        return True

    def _page(self) -> int:
        return max(self._console.size.height // 2, 1)

    def _arc(self) -> Overlay:
        course = self._session.course
        return Overlay(course.title, arc_lines(course, self._session.states()))

    def _show_solution(self) -> None:
        checked, exercise = self._session.shown, self._session.current
        if checked is None or exercise is None or not checked.passed:
            self._view = View(notice="The solution is shown once all checks pass.")
            return
        files = solutions_of(self._session.course, exercise)
        if not files:
            self._view = View(notice=NO_SOLUTIONS)
            return
        lines = tuple(map(Text, code_of(files)))
        self._view = View(overlay=Overlay(f"A solution of {exercise.name}", lines))

    def _reset(self, *, sure: bool) -> None:
        exercise = self._session.current
        if exercise is None:
            return
        course = self._session.course
        file = self._session.files.get(exercise.name, place_of(course, exercise))
        if not sure:
            self._reset_asked = True
            self._view = View(notice=f"Press r again to start {file} over. Your version is kept.")
            return
        try:
            said, self._own_save = reset_exercise(course, exercise, file), True
        except GraderError as error:
            said = str(error)
        except OSError as error:
            said = f"{file} can't be written: {error.strerror}"
        self._view = View(notice=said)


def code_of(files: Sequence[Path]) -> Iterator[str]:
    """Go through the lines of a solution; each of several files begins with its name."""
    for file in files:
        if len(files) > 1:
            yield f"# {file.name}"
        yield from code_alone(file.read_text(encoding="utf-8"))


def code_alone(source: str) -> list[str]:
    """Return a module's lines without its docstrings: the student has those."""
    left = dict(enumerate(source.splitlines(), start=1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                left.pop(number, None)
    return list(left.values())
