"""One fault has one name, however many tests it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.answers.forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results.verdicts import TestResult

__all__ = ["named_once"]


def named_once(tests: Iterable[TestResult]) -> list[TestResult]:
    """Return an exercise's results, without a form's name where another mistake is named.

    A course knows some forms by names of its own, `loss-is-a-tensor`, in the tests that it made for
    them. What the machine says in the others then is the same fault over again.
    """
    every = list(tests)
    if {each.mistake for each in every} - {None} <= FORMS:
        return every
    return [replace(each, mistake=None) if each.mistake in FORMS else each for each in every]
