"""`check`: public checks in this process, one file after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.courses.files import home_of
from grader.desk.history import History
from grader.desk.records import State
from grader.desk.report import Page, report
from grader.desk.running import run_checks
from grader.desk.wording import check_command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.courses import Course, Exercise
    from grader.desk.records import Checked
    from grader.sandbox.limits import Limits

    Files = Sequence[tuple[Exercise, Path]]

__all__ = ["check_files", "check_first_open"]


def check_files(
    course: Course, wanted: Sequence[str], files: Files, hint: int, limits: Limits
) -> bool:
    """Check the files that names of exercises or files mean; return whether all passed.

    Args:
        course: whose they are.
        wanted: the names, which are shown in commands.
        files: what each of them means.
        hint: how much of it is shown.
        limits: of each check.
    """
    passed = []
    for name, (exercise, file) in zip(wanted, files, strict=True):
        checked = run_checks(course, exercise, file, limits)
        _show(course, checked, home_of(file, exercise.files), name, hint)
        passed.append(checked.passed)
    return all(passed)


def check_first_open(course: Course, files: Files, hint: int, limits: Limits) -> bool:
    """Check the first of the exercises that are here and not done; return whether there is none.

    One whose checks are broken is told of, and the search goes on.
    """
    done: list[str] = []
    told = 0  # of those that are done
    for exercise, file in files:
        checked = run_checks(course, exercise, file, limits)
        if checked.passed:
            done.append(course.short(exercise))
            continue
        if done[told:]:
            Console().print(Text(f"Done: {', '.join(done[told:])}.\n", style="green"))
            told = len(done)
        _show(course, checked, home_of(file, exercise.files), exercise.name, hint)
        if checked.state is not State.BROKEN:
            return False
    if len(done) < len(files):
        return False
    said = f"All {len(files)} exercises are done." if len(files) > 1 else f"{done[0]} is done."
    Console().print(Text(said))
    return True


def _show(course: Course, checked: Checked, folder: Path, name: str, hint: int) -> None:
    history = History.read(folder)
    due = history.hint_step(checked)
    history.write(folder)
    console = Console(highlight=False)
    page = Page(console)
    command = check_command(course, name)
    report(course, checked, max(hint, due), f"run `{command}` again", page, command)
    for line in (*page.lines, ""):
        console.print(line, soft_wrap=True)
