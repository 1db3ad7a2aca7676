"""Where the reports of a class are written and looked for, unless a command is told otherwise."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DEFAULT_OUTPUT"]

DEFAULT_OUTPUT = Path("reports")
