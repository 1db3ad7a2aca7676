"""`%check` in a notebook: the verdicts as a page of its own, right below the cell."""

from __future__ import annotations

import html
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from grader.courses import find_course
from grader.courses.mistakes import with_sentence
from grader.desk.kernel.kernel_notebook import notebook_of
from grader.desk.kernel.random_numbers import same_random_numbers
from grader.desk.report import Page, report
from grader.desk.wording import (
    able_now,
    exercise_after,
    hints_shown,
    last_step,
    next_step,
    no_hint,
    tally,
)
from grader.errors import GraderError
from grader.pictures import figure_of, in_a_notebook
from grader.results.verdicts import Verdict
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from grader.courses import Course, Exercise
    from grader.desk.records import Checked
    from grader.results.verdicts import TestResult

__all__ = ["Complaint", "Report", "check_here", "magic"]

AS_IT_IS = "Checked: the functions as you last ran them here."
AGAIN = "run your cells, then this one"
AGAIN_AS_SAVED = "save the notebook, then run this cell again"
# Colours that can be read on white and on black; a kernel does not know which it is.
COLOURS = {Verdict.PASSED: "#2e9d4f", Verdict.NOT_STARTED: "#8a8a8a"}
FAILED = "#e0524d"
USUAL = Limits()


class Report:
    """What the checks gave; a notebook shows it as HTML, a terminal as text."""

    def __init__(self, course: Course, checked: Checked, about: str, then: str) -> None:
        self.checked = checked
        self._course = course
        self._about = about
        self._then = then

    def __repr__(self) -> str:
        page = Page(Console(width=100), 100)
        report(self._course, self.checked, 1, self._then, page)
        return "\n".join(line.plain for line in page.lines)

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.checked.rows))
        failure = self.checked.failure
        said = _failure(self._course, self.checked, failure) if failure else ""
        notes = "".join(map(_note, self.checked.notes))
        exercise = self._course.exercise_named(self.checked.exercise)
        able = able_now(self._course, self.checked)
        return (
            '<div style="max-width:60em;line-height:1.5">'
            f"<p><b>{exercise.name}</b> {html.escape(exercise.title)}<br>"
            f'<span style="opacity:.75">{html.escape(self._about)}</span></p>'
            f'<div role="list">{rows}</div>{said}{self._pictures()}{notes}'
            f"<p>{html.escape(tally(self._course, self.checked))}<br>"
            f"{f'<b>{html.escape(able)}</b><br>' if able else ''}"
            f"<b>Next:</b> {html.escape(self._todo())}.</p></div>"
        )

    def _pictures(self) -> str:
        """Draw what the report's page shows: of the check that failed, or of all that passed."""
        failure = self.checked.failure
        drawn = [failure] if failure else self.checked.results
        figures = (figure_of(picture) for each in drawn for picture in each.pictures)
        return in_a_notebook(figures, f"check-{self.checked.exercise}")

    def _todo(self) -> str:
        if self.checked.failure:
            return next_step(self._course, self.checked, self._then)
        following = exercise_after(self._course, self.checked.exercise)
        return f"go on with {following.name}" if following else last_step(self._course)


def _row(result: TestResult) -> str:
    colour = COLOURS.get(result.verdict, FAILED)
    return (
        '<div role="listitem" style="display:flex;gap:.8em">'
        f'<span style="color:{colour};flex:0 0 7.5em;font-weight:600">'
        f"{result.verdict.sign} {result.verdict.words}</span>"
        f"<span>{html.escape(result.title)}</span></div>"
    )


def _note(note: str) -> str:
    return f"<p><b>Note:</b> {html.escape(note)}</p>"


def _failure(course: Course, checked: Checked, failure: TestResult) -> str:
    # Jupyter breaks the lines of outputs anywhere; here words stay whole
    message = (
        f'<pre style="border-left:3px solid {FAILED};padding:.4em .8em;margin:.8em 0;'
        'font-family:monospace;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere">'
        f"{html.escape(with_sentence(failure.message, failure.mistake, course).text)}</pre>"
    )
    hints = hints_shown(course, checked, 3)
    if not hints:
        said = no_hint(failure)
        return message + (f"<p><b>Hint:</b> {html.escape(said)}</p>" if said else "")
    first, *more = map(html.escape, hints)
    steps = "".join(f"<details><summary>More</summary>{hint}" for hint in more)
    return f"{message}<div><b>Hint:</b> {first}{steps}{'</details>' * len(more)}</div>"


class Complaint:
    """Why nothing was checked, as a sentence."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __repr__(self) -> str:
        return f"grader: {self._sentence}"


def magic(shell: Any) -> Callable[[str], Report | Complaint]:
    """Return what `%check` does in a shell; an error of ours is a sentence there, too."""

    def check(line: str) -> Report | Complaint:
        try:
            with same_random_numbers():
                return check_here(line, shell)
        except GraderError as error:
            return Complaint(str(error))

    return check


def check_here(line: str, shell: Any) -> Report:
    """Check an exercise in a kernel.

    Args:
        line: the exercise's name, and perhaps `--course FOLDER`.
        shell: IPython's.

    Raises:
        UsageError: there is no such exercise, or no such course.
    """
    course, name = _asked(line)
    exercise = course.exercise_named(name)
    file = notebook_of(course, exercise, shell) if exercise.cells else None
    if file is not None:
        return _checked_as_saved(course, exercise, file)
    from grader.desk.kernel.live import check_names

    cells = getattr(shell.compile, "_filename_map", {})
    checked = check_names(exercise, shell.user_ns, cells, USUAL)
    return Report(course, checked, AS_IT_IS, AGAIN)


def _asked(line: str) -> tuple[Course, str]:
    """Return the course and the exercise that a line names."""
    from IPython.utils.process import (  # type: ignore[attr-defined] # it is for those who write magics
        arg_split,
    )

    words = arg_split(line.replace("--course=", "--course "), posix=True, strict=False)
    folder = None
    if "--course" in words[:-1]:
        place = words.index("--course")
        _, folder = words.pop(place), Path(words.pop(place))
    return find_course(folder), " ".join(words)


def _checked_as_saved(course: Course, exercise: Exercise, file: Path) -> Report:
    """Check a notebook each of whose tasks is judged right after its cell: it is run once more."""
    from grader.desk.warm.alone import check_alone

    saved = time.strftime("%H:%M:%S", time.localtime(file.stat().st_mtime))
    checked = check_alone(course, exercise, file, USUAL)
    about = f"Checked: {file.name} as saved at {saved}, run from its top."
    return Report(course, checked, f"{about} Later changes are not in it.", AGAIN_AS_SAVED)
