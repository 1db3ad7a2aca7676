"""The course that this package carries: our own lab."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses.declared.reading import load_course

if TYPE_CHECKING:
    from grader.courses.course import Course

__all__ = ["CARRIED", "PACKAGE", "carried_course", "resource"]

PACKAGE = Path(__file__).resolve().parents[1]
CARRIED = PACKAGE / "lab"


@cache
def carried_course() -> Course:
    """Return it; its solutions, stubs and data lie at the top of a checkout."""
    return replace(
        load_course(CARRIED),
        solutions=resource("solutions"),
        stubs=resource("exercises"),
        data=resource("data"),
    )


def resource(name: str) -> Path:
    """Return what stands at the lab's top: `templates`, `data`, `exercises`, `LICENSE`.

    An installed package carries them inside; a checkout has them beside it.
    """
    packed = PACKAGE / "_lab" / name
    return packed if packed.exists() else PACKAGE.parent / name
