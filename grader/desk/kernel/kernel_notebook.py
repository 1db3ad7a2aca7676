"""Which file a kernel's notebook is saved in; no kernel is told."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING

from grader.courses.known_names import known_as
from grader.desk.files import FOLDERS
from grader.guest.loading.sources import UnreadableSourceError, all_cells, source_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from grader.courses import Course, Exercise

__all__ = ["notebook_of"]

MOST_BYTES = 50_000_000  # of a notebook that is looked into


def notebook_of(course: Course, exercise: Exercise, shell: Any) -> Path | None:
    """Return the file that holds most of what a kernel has run; None where there is none.

    A copy (`training-Copy1.ipynb`) may lie beside the notebook that was given out, so the cells
    decide, and of files that hold the same the one that was saved last.

    Args:
        course: of which it is one.
        exercise: whose notebook it is.
        shell: IPython's.
    """
    if "google.colab" in sys.modules or "KAGGLE_KERNEL_RUN_TYPE" in os.environ:
        return None  # the notebook is saved elsewhere
    run = {cell.strip() for cell in shell.history_manager.input_hist_raw} - {""}
    files = {file for folder in FOLDERS for file in folder.glob("*.ipynb")}
    ranks = [
        (len(run & _cells_of(content)), file.stat().st_mtime, file)
        for file in files
        if (content := _content(file)) and _is_about(course, exercise, file, content)
    ]
    return max(ranks)[2] if ranks else None


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.stat().st_size <= MOST_BYTES else b""


def _is_about(course: Course, exercise: Exercise, file: Path, content: bytes) -> bool:
    known = known_as(file.name, course)
    if known and known.exercise == exercise.name:
        return True
    return re.search(rb"%%check\b.*\b%s\b" % exercise.name.encode(), content) is not None


def _cells_of(content: bytes) -> set[str]:
    try:
        return {source_of(cell).strip() for cell in all_cells(json.loads(content))}
    except (ValueError, RecursionError, UnreadableSourceError):
        return set()
