"""`check`: public checks in this process, one file after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.desk.files import files_here, files_to_check, is_untouched
from grader.desk.history import History
from grader.desk.report import Page, report
from grader.desk.running import run_checks
from grader.desk.wording import command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.judge.local import Patience
    from grader.lab import Exercise

__all__ = ["check_files", "check_first_open"]


def check_files(wanted: Sequence[str], hint: int, patience: Patience) -> bool:
    """Check what names of exercises or files mean; return whether all passed.

    Raises:
        UsageError: a name means no exercise, or there is no such file.
    """
    files = list(zip(wanted, files_to_check(wanted), strict=True))
    passed = [_check(*found, name, hint, patience) for name, found in files]
    return all(passed)


def check_first_open(hint: int, patience: Patience) -> bool:
    """Check the first exercise that is not done; return whether there is none.

    Raises:
        UsageError: there is no exercise here.
    """
    files = files_here()
    for place, (exercise, file) in enumerate(files):
        if is_untouched(exercise, file) or not run_checks(exercise, file, patience).passed:
            names = ", ".join(each.name[:4] for each, _ in files[:place])
            if names:
                Console().print(Text(f"Done: {names}.\n", style="green"))
            return _check(exercise, file, exercise.name, hint, patience)
    Console().print(f"All {len(files)} exercises are done.", highlight=False)
    return True


def _check(exercise: Exercise, file: Path, name: str, hint: int, patience: Patience) -> bool:
    checked = run_checks(exercise, file, patience)
    history = History.read(file.parent)
    due = history.hint_step(checked)
    history.write(file.parent)
    console = Console(highlight=False)
    page = Page(console)
    report(checked, max(hint, due), f"run `{command()} check {name}` again", page)
    for line in (*page.lines, ""):
        console.print(line, soft_wrap=True)
    return checked.passed
