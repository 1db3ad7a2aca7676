"""The command line as its users run it, and the demo class that it grades."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

__all__ = ["DEMO", "OF_THE_DEMO", "ONE_JOB", "grader"]

DEMO = Path(__file__).resolve().parent.parent / "data" / "demo_class"
EXERCISES = ("ex03_log_softmax", "ex04_autograd", "ex06_manual_update", "ex08_training_loop")
OF_THE_DEMO = [option for name in EXERCISES for option in ("--exercise", name)]

ONE_JOB = ("--jobs", "1")  # each starts a sandbox of its own, which costs more than ten students


def grader(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
