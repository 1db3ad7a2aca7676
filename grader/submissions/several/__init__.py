"""Exercises that have several files, and what is given out with any."""

from __future__ import annotations

from grader.submissions.several.beside import changed_given
from grader.submissions.several.reading import MAX_BYTES, MAX_PARTS, read_several, was_not_handed_in

__all__ = ["MAX_BYTES", "MAX_PARTS", "changed_given", "read_several", "was_not_handed_in"]
