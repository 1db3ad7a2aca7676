"""The ways in which a hidden suite can come to name a mistake."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.learning.expressions import Computing, NotComputable, computing
from grader.learning.sites import sites_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.learning.sites import Site

__all__ = ["Naming", "namings", "require_expression"]

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


def namings(suite: str, test: str, slug: str, changed: str = "", given: str = "") -> list[Naming]:
    """Return the ways, in the order in which the test compares answers.

    Args:
        suite: the text of the hidden suite.
        test: the test that sees the mistake, without parameters.
        slug: what it is called.
        changed: the text of the solution with the mistake.
        given: what computes its answer, as an author says; instead of the solution.

    Raises:
        NotComputable: there is none; the message says why.
    """
    sites = sites_in(suite, test)
    reasons = [] if sites else [NO_PLACE]
    found = []
    for site in sites:
        try:
            found.append(_at(site, slug, changed, given))
        except NotComputable as reason:
            reasons.append(str(reason))
    if not found:
        raise NotComputable(reasons[0])
    return found


def require_expression(given: str) -> None:
    """Require that what an author says is an expression.

    Raises:
        UsageError: it is none.
    """
    try:
        ast.parse(given, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"--expression must be a Python expression, not {given!r}") from error


def _at(site: Site, slug: str, changed: str, given: str) -> Naming:
    what = Computing(given) if given else computing(changed, site, slug)
    try:
        text = site.with_mistake(slug, what.value)
    except ValueError as error:
        raise NotComputable(str(error)) from error
    return Naming(site.call.lineno, what.value, what.helper, "".join(_with(text, what.helper)))


def _with(suite: str, helper: str) -> Iterator[str]:
    yield suite
    if helper:
        yield f"{'' if suite.endswith(chr(10)) else chr(10)}\n\n{helper}\n"
