"""The ways in which a hidden suite can come to name a mistake."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.learning.writing.expressions import (
    Computing,
    NotComputable,
    asking,
    changed_or_calling,
    computing,
)
from grader.learning.writing.sites import sites_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.learning.writing.sites import Site

    Way = tuple[Site, Callable[[Site], Computing]]

__all__ = ["Naming", "Unnamed", "namings", "require_expression"]

MOST_WAYS = 2  # of a kind; each is proved until one holds
NO_PLACE = "the test has no `expect_each(…)` or `.equals(…)` that takes one more mistake"


@dataclass(frozen=True)
class Naming:
    """One way.

    Attributes:
        line: of the suite, where the answers are compared.
        value: what stands behind the slug.
        helper: the function that it calls, if it calls one.
        suite: the whole text of the suite that names the mistake.
    """

    line: int
    value: str
    helper: str
    suite: str


@dataclass(frozen=True)
class Unnamed:
    """A mistake that a suite is to name.

    Attributes:
        slug: what it is called.
        test: the test that sees it, without parameters.
        solution: the text of the solution, and `changed` the same with the mistake.
        reached: the functions and classes of the solution that the test runs.
        given: what computes its answer, as an author says; instead of the solution.
    """

    slug: str
    test: str
    solution: str = ""
    changed: str = ""
    reached: frozenset[str] = frozenset()
    given: str = ""


def namings(suite: str, unnamed: Unnamed) -> list[Naming]:
    """Return the ways, in the order in which the test compares answers.

    First those that compute the answer by the function of the solution that the test calls. Then
    those that ask a submission with the mistake as the test asks its student. A test may also have
    called a function by no name: last, each is tried that the mistake changes, or that calls one.

    Args:
        suite: the text of the hidden suite.
        unnamed: the mistake.

    Raises:
        NotComputable: there is none; the message says why.
    """
    sites = sites_in(suite, unnamed.test)
    reasons = [] if sites else [NO_PLACE]
    *certain, guessed = _ways(sites, unnamed)
    found = [each for ways in certain for each in _holding(ways, unnamed.slug, reasons)]
    found += _holding(guessed, unnamed.slug, [])
    if not found:
        raise NotComputable(reasons[-1])
    return found


def _ways(sites: list[Site], unnamed: Unnamed) -> list[list[Way]]:
    """Return the ways of each kind: a site, and what computes the answer there."""
    slug, changed, reached = unnamed.slug, unnamed.changed, unnamed.reached
    if unnamed.given:
        return [[(site, lambda _: Computing(unnamed.given)) for site in sites], []]

    def compute(site: Site) -> Computing:
        return computing(changed, site, slug)

    named = [each for each in sites if each.function or each.asked is not None]
    functions = changed_or_calling(unnamed.solution, changed)
    others = [each for each in sites if each not in named]
    return [
        [(site, compute) for site in named],
        [(site, lambda site: asking(changed, site, slug, reached)) for site in sites],
        [(replace(site, function=name), compute) for site in others for name in functions],
    ]


def _holding(ways: list[Way], slug: str, reasons: list[str]) -> list[Naming]:
    """Return the first ways that can be written, and note why others can't."""
    found = []
    for site, compute in ways:
        try:
            found.append(_at(site, slug, compute(site)))
        except NotComputable as reason:
            reasons.append(str(reason))
    return found[:MOST_WAYS]


def require_expression(given: str) -> None:
    """Require that what an author says is an expression.

    Raises:
        UsageError: it is none.
    """
    try:
        ast.parse(given, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"--expression must be a Python expression, not {given!r}") from error


def _at(site: Site, slug: str, what: Computing) -> Naming:
    try:
        text = site.with_mistake(slug, what.value)
    except ValueError as error:
        raise NotComputable(str(error)) from error
    return Naming(site.call.lineno, what.value, what.helper, "".join(_with(text, what.helper)))


def _with(suite: str, helper: str) -> Iterator[str]:
    yield suite
    if helper:
        yield f"{'' if suite.endswith(chr(10)) else chr(10)}\n\n{helper}\n"
