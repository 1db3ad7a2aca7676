"""For students: `check`."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.commands.exit_codes import NOT_PASSED
from grader.errors import UsageError

__all__ = ["COMMANDS", "check"]


def check(
    what: Annotated[
        list[str] | None, typer.Argument(help="Exercises (ex03) or files; all of them by default.")
    ] = None,
) -> None:
    """Run the public checks of your own files, in this process."""
    from grader.checking import check_lines, files_to_check, run_checks

    files = files_to_check(what or [])
    if not files:
        raise UsageError("there is no exercise here; run it where your `exercises` folder is")
    passed = True
    for exercise, file in files:
        checked = run_checks(exercise, file)
        print("\n".join(check_lines(checked)), end="\n\n")
        passed &= checked.passed
    raise typer.Exit(0 if passed else NOT_PASSED)


COMMANDS = (check,)
