"""`python -m grader` is the same as the console script `grader`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

# These load torch into this process, and taking it down again is a sixth of what they take.
IN_THIS_PROCESS = ("check", "list")
BAD_USAGE, INTERRUPTED = 2, 130
ACTIVATE = "source .venv/bin/activate, on Windows .venv\\Scripts\\activate"


def run() -> None:
    """Run the command line as a program of its own."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one comes as far as this
        _stop(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}")
    try:
        from grader.cli import main

        main()
    except SystemExit as left:
        if sys.argv[1:2] and sys.argv[1] in IN_THIS_PROCESS and isinstance(left.code, int | None):
            _leave(left.code or 0)
        raise
    except KeyboardInterrupt:  # before there is a command that could hear of it
        _leave(INTERRUPTED)
    except ModuleNotFoundError as error:
        name = str(error.name).partition(".")[0]
        if name == "grader":
            raise
        _stop(f"this Python has no {name}; activate the lab's environment ({ACTIVATE})")


def _stop(reason: str) -> None:
    """End with one line; what a user does first is no reason for a traceback."""
    print(f"grader: {reason}", file=sys.stderr)
    sys.exit(BAD_USAGE)


def _leave(status: int) -> None:
    """End the process at once; what was printed arrives, and no folder of a check is left."""
    from grader.judge.loading.neighbours import remove_empty_folders

    remove_empty_folders()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read it has gone
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
