"""What the commands' exit codes mean; scripts rely on them."""

from __future__ import annotations

__all__ = ["BAD_USAGE", "GRADER_FAULT", "INTERRUPTED", "NOT_PASSED"]

NOT_PASSED = 1  # a check failed, or a generated file is stale
BAD_USAGE = 2
GRADER_FAULT = 3
INTERRUPTED = 130  # what a shell says of a command that Ctrl-C ended
