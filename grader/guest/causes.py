"""Why code raised, where that is known: a course's hook is asked, then what holds in any course."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING

from grader.guest.crashes.recognising import recognised
from grader.guest.crashes.scene import NO_CAUSE, Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.guest.loading.sources import Cell

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

    def of(self, error: BaseException, cells: Mapping[str, Cell]) -> Cause:
        """Return the mistake behind an exception, or nothing.

        Args:
            error: the exception.
            cells: the student's code, by what it was compiled as.
        """
        slug = self._own(error)
        try:
            general = recognised(error, cells)
        except BaseException:  # noqa: BLE001 - the values around it are the student's, and may be anything
            general = NO_CAUSE
        return general._replace(slug=slug) if slug else general

    def _own(self, error: BaseException) -> str:
        try:
            slug = self._ask(error)
        except BaseException:  # noqa: BLE001 - same
            return ""
        return slug if isinstance(slug, str) else ""


def unknown(error: BaseException) -> str:
    """Know of no mistake: what a course without the hook does."""
    del error
    return ""


CAUSES = Causes()
