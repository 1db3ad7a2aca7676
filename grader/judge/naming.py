"""One fault has one name, however many tests it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.answers.forms import FORMS
from grader.courses.declared.table import general_mistakes
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.results.verdicts import TestResult

__all__ = ["named_once"]

NOWHERE = ""  # what raised lies in none of the student's lines


def named_once(tests: Iterable[TestResult]) -> list[TestResult]:
    """Return an exercise's results, without what the machine says of a fault that the course names.

    A course knows some forms by names of its own, `loss-is-a-tensor`, in the tests that it made for
    them, and some crashes. What the machine says in the others is the same fault over again: a
    form, or a crash at the same place, or one that a suite's own code met with what it was given. A
    form gives way to what a suite's own code met, too, `loss-without-graph`.
    """
    every = list(tests)
    general = general_mistakes().keys()
    named = [each for each in every if each.mistake is not None and each.mistake not in FORMS]
    own = [each for each in named if each.mistake not in general]
    places = {NOWHERE, *(each.message.where for each in own)} if own else set()
    forms_again = bool(own) or any(each.message.where == NOWHERE for each in named)

    def is_again(each: TestResult) -> bool:
        if each.mistake in FORMS:
            return forms_again
        crashed = each.mistake in general and each.verdict is Verdict.CRASHED
        return crashed and each.message.where in places

    return [replace(each, mistake=None) if is_again(each) else each for each in every]
