"""Judge what lies beside a value, whose own mistakes another test names and charges."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from grader.answers.difference import difference
from grader.expecting.expect import answers_to, computed, expect_each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.answers.tolerances import Tolerance
    from grader.asking.student import Answer
    from grader.expecting.expect import Mistakes

__all__ = ["expect_beside"]


def expect_beside(
    call: Callable[..., Answer] | Sequence[Answer],
    cases: Sequence[tuple[object, ...]],
    right: Callable[..., object],
    past: Mapping[str, Callable[..., object]],
    mistakes: Mistakes | None = None,
    tolerance: Tolerance | None = None,
    explain: Callable[[Any, Any], str] | None = None,
) -> None:
    """Call the student once per case, and look past a mistake that gives all the answers.

    A sign that is wrong once is charged once. An answer that nothing known gives has kept nothing
    in order either, so it is wrong here too.

    Args:
        call: what is called with the arguments of each case, or the answers that have come.
        cases: the arguments of each call.
        right: computes the expected value from a case's arguments.
        past: mistakes that another test charges: slug to what computes the mistaken value.
        mistakes: those that this test charges, likewise.
        tolerance: how close is equal; by dtype when left out.
        explain: says more about an answer that is not right, as for `expect_each`.

    Raises:
        WrongAnswer: the answers are not right, and no mistake of `past` gives all of them.
    """
    answers = answers_to(call, cases)

    def gives_all(way: Callable[..., object]) -> bool:
        pairs = zip(answers, cases, strict=True)
        return not any(difference(answer.value, way(*case), tolerance) for answer, case in pairs)

    ways: list[Callable[..., object]] = [right, *(partial(computed, way) for way in past.values())]
    expected = next((way for way in ways if gives_all(way)), right)
    expect_each(answers, cases, expected, mistakes, tolerance, explain)
