"""The ways in which a hidden suite can come to name a mistake."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.learning.expressions import Computing, NotComputable, changed_or_calling, computing
from grader.learning.sites import sites_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.learning.sites import Site

__all__ = ["Naming", "Unnamed", "namings", "require_expression"]

MOST_WAYS = 4  # each is proved until one holds
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
        given: what computes its answer, as an author says; instead of the solution.
    """

    slug: str
    test: str
    solution: str = ""
    changed: str = ""
    given: str = ""


def namings(suite: str, unnamed: Unnamed) -> list[Naming]:
    """Return the ways, in the order in which the test compares answers.

    A test may have called what gives its cases' answers by no name: then each function is tried
    that the mistake changes, or that calls one.

    Args:
        suite: the text of the hidden suite.
        unnamed: the mistake.

    Raises:
        NotComputable: there is none; the message says why.
    """
    sites = [each for site in sites_in(suite, unnamed.test) for each in _meant(site, unnamed)]
    reasons = [] if sites else [NO_PLACE]
    found = []
    for site in sites:
        try:
            found.append(_at(site, unnamed))
        except NotComputable as reason:
            reasons.append(str(reason))
    if not found:
        raise NotComputable(reasons[0])
    return found[:MOST_WAYS]


def _meant(site: Site, unnamed: Unnamed) -> list[Site]:
    """Return a site for each function that it may be about."""
    if unnamed.given or site.function or site.asked is not None:
        return [site]
    functions = changed_or_calling(unnamed.solution, unnamed.changed)
    return [replace(site, function=name) for name in functions] or [site]


def require_expression(given: str) -> None:
    """Require that what an author says is an expression.

    Raises:
        UsageError: it is none.
    """
    try:
        ast.parse(given, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"--expression must be a Python expression, not {given!r}") from error


def _at(site: Site, unnamed: Unnamed) -> Naming:
    slug, given = unnamed.slug, unnamed.given
    what = Computing(given) if given else computing(unnamed.changed, site, slug)
    try:
        text = site.with_mistake(slug, what.value)
    except ValueError as error:
        raise NotComputable(str(error)) from error
    return Naming(site.call.lineno, what.value, what.helper, "".join(_with(text, what.helper)))


def _with(suite: str, helper: str) -> Iterator[str]:
    yield suite
    if helper:
        yield f"{'' if suite.endswith(chr(10)) else chr(10)}\n\n{helper}\n"
