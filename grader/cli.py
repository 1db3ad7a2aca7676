"""The command line: `grader` and `python -m grader`."""

from __future__ import annotations

import inspect
import io
import sys
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from grader import __version__
from grader.commands.exit_codes import BAD_USAGE, GRADER_FAULT, INTERRUPTED
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["app", "main"]

DISTRIBUTION = "nn-training-lab"
# modules of grader.commands, in the order of the help; a students' release has the first alone
GROUPS = (
    "desk",
    "grading",
    "deciding",
    "history",
    "exporting",
    "book",
    "doctor",
    "authoring",
    "proving",
    "learning",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"{DISTRIBUTION} {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version.")
]


def _with_version(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes `--version`, too."""
    signature = inspect.signature(command, eval_str=True)
    more = inspect.Parameter(
        "version", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Version
    )

    @wraps(command)
    def called(version: bool, **options: object) -> None:
        del version
        try:
            command(**options)
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None

    called.__signature__ = signature.replace(  # type: ignore[attr-defined] # what typer reads
        parameters=[*signature.parameters.values(), more]
    )
    return called


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in GROUPS:
    if find_spec(f"grader.commands.{group}"):
        for command in import_module(f"grader.commands.{group}").COMMANDS:
            # given as it is, since what typer takes from the docstring is cut to a line
            short = (command.__doc__ or "").partition("\n")[0]
            app.command(short_help=short)(_with_version(command))


@app.callback()
@_with_version
def _commands() -> None:
    """Check and grade exercises that teach how neural networks are trained with PyTorch."""


def main() -> None:
    """Run the command line; an error of ours is one line, never a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a pipe on Windows may have no check marks
        sys.stdout.reconfigure(errors="replace")
    try:
        app()
    except UsageError as error:
        sys.exit(_complain(error, BAD_USAGE))
    except GraderError as error:
        sys.exit(_complain(error, GRADER_FAULT))
    except OSError as error:  # a full disk, a folder that can't be written to
        sys.exit(_complain(error, GRADER_FAULT))


def _complain(error: Exception, status: int) -> int:
    print(f"grader: {error}", file=sys.stderr)
    return status
