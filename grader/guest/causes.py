"""Why code raised, where that is known: a course's hook is asked, then what holds in any course."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

from grader.guest.questions import NobodyAnswersError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CAUSES", "Causes"]


class Causes:
    """Asks the hook of the course whose submission is loaded."""

    def __init__(self) -> None:
        self._ask: Callable[[BaseException], object] = unknown

    def ask(self, hook: str) -> None:
        """Ask another one from now on, `beside.causes:cause_of`; none where it is empty.

        Raises:
            ImportError, AttributeError: there is no such function.
        """
        self._ask = resolve_name(hook) if hook else unknown

    def of(self, error: BaseException) -> str:
        """Return the slug of the mistake behind an exception, or nothing."""
        try:
            slug = self._ask(error) or general(error)
        except Exception:  # noqa: BLE001 - the values around it are the student's, and may be anything
            return ""
        return slug if isinstance(slug, str) else ""


def unknown(error: BaseException) -> str:
    """Know of no mistake: what a course without the hook does."""
    del error
    return ""


def general(error: BaseException) -> str:
    """Return the slug of a mistake that can be made in any course, or nothing."""
    return "input-asked" if isinstance(error, NobodyAnswersError) else ""


CAUSES = Causes()
